import { expect, test } from 'vitest'
import { goDurationMs, limitsSeenIn, retryAfterMsIn } from '../../src/llm/limit-headers.ts'

test.each([
  ['120ms', 120],
  ['1.5s', 1_500],
  ['6m0s', 360_000],
  ['1h2m3.5s', 3_723_500],
  ['0.4ms', 1],
  ['0s', 0],
  ['7', 7_000],
])('the duration %s is %i ms', (text, ms) => {
  expect(goDurationMs(text)).toBe(ms)
})

test.each(['', '-1s', 'soon', '5d', '1s later', '1e3s'])('"%s" is no duration', (text) => {
  expect(goDurationMs(text)).toBeNull()
})

test('limits are read however their numbers are written', () => {
  const headers = new Headers({
    'x-ratelimit-limit-tokens': '30,000',
    'x-ratelimit-remaining-tokens': '29,999',
    'x-ratelimit-reset-tokens': '6m0s',
    'x-ratelimit-limit-project-tokens': '5000',
  })
  expect(limitsSeenIn(headers)).toEqual({
    requests: null,
    tokens: { limit: 30_000, remaining: 29_999, resetMs: 360_000 },
    projectTokens: { limit: 5_000, remaining: null, resetMs: null },
  })
})

test.each(['-1', '0', 'unlimited', '', '1e400'])('a limit of "%s" is none', (limit) => {
  expect(limitsSeenIn(new Headers({ 'x-ratelimit-limit-requests': limit }))).toBeUndefined()
})

test.each([
  [{ 'retry-after': '7' }, 7_000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': '7', 'retry-after-ms': '6500' }, 6_500],
  [{ 'retry-after': 'Thu, 01 Jan 1970 00:01:00 GMT' }, 50_000],
  [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:01 GMT' }, 0],
  [{ 'retry-after': 'soon' }, null],
  [{}, null],
])('%o asks to wait %s ms', (headers, ms) => {
  expect(retryAfterMsIn(new Headers(headers as Record<string, string>), 10_000)).toBe(ms)
})
