import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byteBound, promptTokensAtMost, tokenCounterFor } from '../../src/llm/count-tokens.ts'
import { requestOf } from './support/world.ts'

test('a model of OpenAI is counted, any other one is bounded', async () => {
  for (const model of ['gpt-5-mini', 'openai/gpt-4o', 'gpt-6-sol', 'o3', 'gpt-4', 'gpt-oss:20b']) {
    expect((await tokenCounterFor(model)).kind).toBe('exact')
  }
  for (const model of ['llama3.2:3b', 'kimi-k2', 'gpt-40', 'sim-1']) {
    expect(await tokenCounterFor(model)).toBe(byteBound)
  }
})

test('counts are those of the published encodings', async () => {
  const text = 'tiktoken is great!'
  expect((await tokenCounterFor('gpt-4')).count(text)).toBe(6)
  expect((await tokenCounterFor('gpt-5')).count(text)).toBe(6)
})

test('a fact that spells a special token is counted as text', async () => {
  const counter = await tokenCounterFor('gpt-5')
  expect(counter.count('The token <|endoftext|> ends a text.')).toBeGreaterThan(8)
})

test('the bound is never below the count', async () => {
  const counter = await tokenCounterFor('gpt-5')
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(byteBound.count(text)).toBeGreaterThanOrEqual(counter.count(text))
    }),
  )
})

test('a prompt has the tokens of its messages and its schema, and more for the frame', async () => {
  const counter = await tokenCounterFor('gpt-5')
  const request = requestOf()
  const text = request.messages.map(({ content }) => content).join('') + JSON.stringify(request.schema.json)
  expect(promptTokensAtMost(request, counter)).toBeGreaterThan(counter.count(text))
})
