import { expect, test } from 'vitest'
import { costMicroUsd, priceOf } from '../../src/llm/price.ts'

const usage = { promptTokens: 1_000_000, cachedTokens: 1_000_000, answerTokens: 0 }

test('a price of the settings comes before the table, and names models that the table does not', () => {
  const own = { 'openai/gpt-5-mini': { inputUsdPerMillion: 3, outputUsdPerMillion: 4 } }
  expect(priceOf('openai', 'gpt-5-mini', own)?.inputMicroUsdPerMillion).toBe(3_000_000)
  expect(priceOf('sim', 'a', { 'sim/a': { inputUsdPerMillion: 1, outputUsdPerMillion: 2 } })).not.toBeNull()
  expect(priceOf('sim', 'b', { 'sim/a': { inputUsdPerMillion: 1, outputUsdPerMillion: 2 } })).toBeNull()
})

test('what a price leaves out is taken to be the dear way: no discount for caches or batches', () => {
  const price = priceOf('sim', 'a', { 'sim/a': { inputUsdPerMillion: 2, outputUsdPerMillion: 8 } })!
  expect(costMicroUsd(price, usage)).toBe(2_000_000)
  expect(costMicroUsd(price, usage, { isBatch: true })).toBe(2_000_000)
})
