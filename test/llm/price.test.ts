import fc from 'fast-check'
import { expect, test } from 'vitest'
import { costMicroUsd, priceOf, worstCaseMicroUsd } from '../../src/llm/price.ts'
import { PRICES, type Price } from '../../src/llm/prices.ts'

const MINI = priceOf('openai', 'gpt-5-mini')!
const usage = { promptTokens: 1_000, cachedTokens: 0, answerTokens: 500 }

test('a thousand tokens in and five hundred out cost what the price page says', () => {
  // 1,000 × $0.25 + 500 × $2.00, a million each.
  expect(costMicroUsd(MINI, usage)).toBe(250 + 1_000)
  expect(costMicroUsd(MINI, { ...usage, cachedTokens: 1_000 })).toBe(25 + 1_000)
  expect(costMicroUsd(MINI, usage, { isBatch: true })).toBe(625)
})

test('a part of a micro-dollar is a whole one', () => {
  expect(costMicroUsd(MINI, { promptTokens: 1, cachedTokens: 0, answerTokens: 0 })).toBe(1)
  expect(costMicroUsd(MINI, { promptTokens: 0, cachedTokens: 0, answerTokens: 0 })).toBe(0)
})

test('what the provider says that it cost is what it cost', () => {
  expect(costMicroUsd(MINI, { ...usage, reportedMicroUsd: 7 })).toBe(7)
})

test('a dated version costs what its model costs, another name has no price', () => {
  expect(priceOf('openai', 'gpt-5-mini-2025-08-07')).toBe(MINI)
  expect(priceOf('openai', 'gpt-5-mini-special')).toBeNull()
  expect(priceOf('openrouter', 'openai/gpt-5-mini')).toBeNull()
  expect(priceOf('toString', 'length')).toBeNull()
})

test('a local model and the rules are free however long the prompt is', () => {
  expect(worstCaseMicroUsd(priceOf('ollama', 'any')!, 1_000_000, 1_000_000)).toBe(0)
  expect(worstCaseMicroUsd(priceOf('rules', 'rules@1')!, 1, 1)).toBe(0)
})

test('a prompt beyond the tariff has no worst case', () => {
  expect(worstCaseMicroUsd(MINI, 200_001, 1)).toBeNull()
})

test('no answer within its limits costs more than was reserved for it', () => {
  const prices: Price[] = Object.values(PRICES).flatMap((models) => Object.values(models))
  const tokens = fc.integer({ min: 0, max: 200_000 })
  fc.assert(
    fc.property(
      fc.constantFrom(...prices),
      fc.record({
        promptTokens: tokens,
        cachedTokens: tokens,
        cacheWriteTokens: tokens,
        answerTokens: tokens,
      }),
      fc.boolean(),
      (price, used, isBatch) => {
        const reserved = worstCaseMicroUsd(price, used.promptTokens, used.answerTokens, { isBatch })
        expect(costMicroUsd(price, used, { isBatch })).toBeLessThanOrEqual(reserved!)
      },
    ),
  )
})

test('cached input is never dearer than fresh input, and nothing costs a part of a micro-dollar per million', () => {
  for (const price of Object.values(PRICES).flatMap((models) => Object.values(models))) {
    expect(price.cachedInputMicroUsdPerMillion).toBeLessThanOrEqual(price.inputMicroUsdPerMillion)
    for (const part of Object.values(price)) expect(Number.isInteger(part)).toBe(true)
  }
})

test('an answer costs what the tier costs that it came from; a batch has its own price', () => {
  expect(costMicroUsd(MINI, usage, { serviceTier: 'flex' })).toBe(625)
  expect(costMicroUsd(MINI, usage, { serviceTier: 'priority' })).toBe(3_125)
  expect(costMicroUsd(MINI, usage, { serviceTier: 'default' })).toBe(1_250)
  expect(costMicroUsd(MINI, usage, { serviceTier: 'priority', isBatch: true })).toBe(625)
})

test('a priority that the settings tell is reserved, so the dearest answer is within its reservation', () => {
  const told = { inputUsdPerMillion: 2, outputUsdPerMillion: 8, priorityPercent: 175 }
  const price = priceOf('sim', 'a', { 'sim/a': told })!
  const reserved = worstCaseMicroUsd(price, usage.promptTokens, usage.answerTokens)
  expect(reserved).toBe(10_500)
  expect(costMicroUsd(price, usage, { serviceTier: 'priority' })).toBe(reserved)
})
