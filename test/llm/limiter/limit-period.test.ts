import { expect, test } from 'vitest'
import { perMinuteOf, sizeOf } from '../../../src/llm/limiter/limit-period.ts'

test.each([
  ['a minute', { limit: 10_000, remaining: 9_000, resetMs: 6_000 }, 10_000],
  ['a day', { limit: 200, remaining: 199, resetMs: 432_000 }, 200 / 1_440],
  ['an hour', { limit: 60, remaining: 30, resetMs: 1_800_000 }, 1],
  ['a minute where the server does not tell', { limit: 500, remaining: null, resetMs: null }, 500],
  ['a minute where nothing is missing', { limit: 500, remaining: 500, resetMs: 0 }, 500],
  ['never a second', { limit: 60_000, remaining: 500, resetMs: 500 }, 60_000],
])('the period of a limit is %s', (_, seen, perMinute) => {
  expect(perMinuteOf(seen)).toBeCloseTo(perMinute, 6)
})

test('a server that enforces a second shows how little its bucket holds', () => {
  const seen = { limit: 60_000, remaining: 500, resetMs: 500 }
  expect(sizeOf(seen, 60_000)).toBe(1_000)
  expect(sizeOf({ limit: 60_000, remaining: 30_000, resetMs: 30_000 }, 60_000)).toBe(60_000)
})
