import { expect, test } from 'vitest'
import type { Message, Request } from '../../../schemas/prompt.ts'
import { structureSchema } from '../../../schemas/structure.ts'
import { writeFactLines } from '../../../src/language/fact-lines.ts'
import { rulesProvider } from '../../../src/llm/rules/provider.ts'
import { RULES_VERSION } from '../../../src/llm/rules/rules-version.ts'
import { structureByRules } from '../../../src/llm/rules/structure-by-rules.ts'

const FACTS = [
  { i: 0, domain: 'd', text: 'A dog is a mammal that barks.' },
  { i: 1, domain: 'd', text: 'A poodle is a kind of dog.' },
]

const requestOf = (...messages: Message[]): Request => ({
  task: 'structure',
  lane: 'primary',
  model: 'rules',
  messages,
  schema: { name: 'structure', json: {}, digest: '0' },
  sampling: {},
  answerLimitTokens: 1,
})
const user = (content: string): Message => ({ role: 'user', content })
const question = user(`Find the concept.\n\n${writeFactLines(FACTS)}`)

test('the answer is the structure of the facts in the question, free and at once', () => {
  const reply = rulesProvider().answer(requestOf({ role: 'system', content: 'rules' }, question))
  if (!reply.ok) throw new TypeError(reply.failure.message)
  expect(structureSchema.parse(JSON.parse(reply.answer.text))).toEqual(structureByRules(FACTS))
  expect(reply.answer).toMatchObject({
    finishReason: 'stop',
    model: `rules@${RULES_VERSION}`,
    usage: { promptTokens: 0, cachedTokens: 0, answerTokens: 0 },
    latencyMs: 0,
  })
})

test('a repair that does not repeat the facts gets the answer of the first question', () => {
  const first = rulesProvider().answer(requestOf(question))
  const repair = rulesProvider().answer(requestOf(question, user('that was wrong: keep_empty')))
  expect(repair).toEqual(first)
})

test('a question without facts is a failure as data', () => {
  const reply = rulesProvider().answer(requestOf(user('hello')))
  expect(reply).toMatchObject({ ok: false, failure: { code: 'provider_rejected', mayBeBilled: false } })
})
