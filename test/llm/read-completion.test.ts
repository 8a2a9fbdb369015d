import { expect, test } from 'vitest'
import { readCompletion } from '../../src/llm/read-completion.ts'
import { requestOf } from './support/world.ts'

/** A completion as OpenRouter gives it, with what one test changes. */
function usageIn(usage: Record<string, unknown> | null) {
  const choices = [{ finish_reason: 'stop', message: { content: '{}' } }]
  const read = readCompletion({ model: 'vendor/m', choices, usage }, requestOf())
  if (read.kind !== 'completion') expect.fail(read.kind)
  return read.completion.usage
}
const counted = { prompt_tokens: 1_000, completion_tokens: 200 }

test('what the provider says that an answer cost is kept, a part of a micro-dollar as a whole one', () => {
  expect(usageIn({ ...counted, cost: 0.00123 })).toMatchObject({ reportedMicroUsd: 1_230 })
  expect(usageIn({ ...counted, cost: 0.0000004 })).toMatchObject({ reportedMicroUsd: 1 })
  expect(usageIn({ ...counted, cost: 0 })).toMatchObject({ reportedMicroUsd: 0 })
  expect(usageIn(counted)).not.toHaveProperty('reportedMicroUsd')
})

test('cached tokens are never more than the prompt has', () => {
  expect(usageIn({ ...counted, prompt_tokens_details: { cached_tokens: 640 } }).cachedTokens).toBe(640)
  expect(usageIn({ ...counted, prompt_tokens_details: { cached_tokens: 9_999 } }).cachedTokens).toBe(1_000)
})

test.each([[null], [{}], [{ prompt_tokens: 5 }]])('usage %j is booked at a bound, and says so', (usage) => {
  expect(usageIn(usage)).toMatchObject({ isBound: true, answerTokens: 1_000 })
})
