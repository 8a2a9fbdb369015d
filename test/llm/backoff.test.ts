import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FailureCode } from '../../schemas/failure.ts'
import type { AskFailure } from '../../schemas/prompt.ts'
import { countTry, nextTry, type Tries } from '../../src/llm/backoff.ts'

const SETTINGS = { transportTries: 6, backoffMs: 500 }

const failureOf = (code: FailureCode, change: Partial<AskFailure> = {}): AskFailure => ({
  code,
  message: '',
  mayBeBilled: false,
  retryAfterMs: null,
  isSystemic: false,
  httpStatus: null,
  ...change,
})

/** How many requests leave when each of them fails in the same way. */
function requestsUntilGivenUp(failure: AskFailure, most: number): number {
  let tries: Tries = {}
  for (let requests = 1; requests < most; requests++) {
    tries = countTry(tries, failure)
    if (nextTry(failure, tries, SETTINGS, 0.5).kind !== 'wait') return requests
  }
  return most
}

test('each kind of failure has its own number of tries', () => {
  expect(requestsUntilGivenUp(failureOf('provider_error'), 100)).toBe(6)
  expect(requestsUntilGivenUp(failureOf('provider_timeout'), 100)).toBe(3)
  expect(requestsUntilGivenUp(failureOf('provider_rejected'), 100)).toBe(1)
  expect(requestsUntilGivenUp(failureOf('request_too_large'), 100)).toBe(1)
  expect(requestsUntilGivenUp(failureOf('answer_filtered'), 100)).toBe(1)
  expect(requestsUntilGivenUp(failureOf('provider_busy'), 100)).toBe(100)
})

test('tries of one kind do not use up those of another', () => {
  const tries: Tries = { provider_busy: 50, provider_timeout: 2 }
  expect(
    nextTry(failureOf('provider_error'), countTry(tries, failureOf('provider_error')), SETTINGS, 0),
  ).toEqual({
    kind: 'wait',
    waitMs: 0,
  })
})

test('a systemic failure is never tried again', () => {
  const failure = failureOf('provider_no_credit', { isSystemic: true })
  expect(nextTry(failure, {}, SETTINGS, 0)).toEqual({ kind: 'systemic' })
})

test('a request whose parameter was left out goes again at once', () => {
  const failure = failureOf('provider_rejected', { rejectedParameter: 'seed' })
  expect(nextTry(failure, { provider_rejected: 1 }, SETTINGS, 0.9)).toEqual({ kind: 'wait', waitMs: 0 })
})

test('the wait doubles up to 30 seconds', () => {
  const longest = [1, 2, 3, 7, 40].map((tried) => {
    const next = nextTry(failureOf('provider_busy'), { provider_busy: tried }, SETTINGS, 0.999_999)
    return next.kind === 'wait' ? next.waitMs : null
  })
  expect(longest).toEqual([500, 1_000, 2_000, 30_000, 30_000])
})

test('nobody comes back before the provider said, nor later than it said by more than the jitter', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3_600_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (retryAfterMs, random) => {
        const next = nextTry(
          failureOf('provider_busy', { retryAfterMs }),
          { provider_busy: 1 },
          SETTINGS,
          random,
        )
        const told = Math.min(600_000, retryAfterMs)
        expect(next.kind).toBe('wait')
        if (next.kind !== 'wait') return
        expect(next.waitMs).toBeGreaterThanOrEqual(told)
        expect(next.waitMs).toBeLessThanOrEqual(told + 500)
      },
    ),
  )
})
