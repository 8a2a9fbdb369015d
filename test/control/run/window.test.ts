import fc from 'fast-check'
import { expect, test } from 'vitest'
import { configSchema } from '../../../schemas/config.ts'
import { windowAt } from '../../../src/control/run/window.ts'

const HOUR_MS = 3_600_000

const settings = (window: Record<string, unknown>) => configSchema.parse({ window }).window

const hoursOf = (window: Record<string, unknown>, now: string): string[] => {
  const found = windowAt(settings({ tokens: 1_000, ...window }), Date.parse(now))!
  return [found.startsAtMs, found.endsAtMs].map((ms) => new Date(ms).toISOString().slice(0, 16))
}

test('without tokens there is no window', () => {
  expect(windowAt(settings({ hours: 5, reset: '23:00Z' }), 0)).toBeNull()
})

test('windows begin at the reset time and whole windows before and after it', () => {
  const window = { hours: 6, reset: '23:00Z' }
  expect(hoursOf(window, '2026-11-21T22:59:59Z')).toEqual(['2026-11-21T17:00', '2026-11-21T23:00'])
  expect(hoursOf(window, '2026-11-21T23:00:00Z')).toEqual(['2026-11-21T23:00', '2026-11-22T05:00'])
  expect(hoursOf(window, '2026-11-22T04:59:59Z')).toEqual(['2026-11-21T23:00', '2026-11-22T05:00'])
})

test('a reset time with a day anchors hours that are no part of a day', () => {
  const window = { hours: 5, reset: '2026-11-20T23:00Z' }
  expect(hoursOf(window, '2026-11-21T03:59:00Z')).toEqual(['2026-11-20T23:00', '2026-11-21T04:00'])
  expect(hoursOf(window, '2026-11-22T00:30:00Z')).toEqual(['2026-11-22T00:00', '2026-11-22T05:00'])
  expect(hoursOf(window, '2026-11-20T22:00:00Z')).toEqual(['2026-11-20T18:00', '2026-11-20T23:00'])
})

test('a reset time of another zone is that moment', () => {
  expect(hoursOf({ hours: 24, reset: '01:00+02:00' }, '2026-11-21T12:00:00Z')).toEqual([
    '2026-11-20T23:00',
    '2026-11-21T23:00',
  ])
})

test('runs may use their share, rounded down', () => {
  expect(windowAt(settings({ tokens: 999, share: 0.75 }), 0)).toMatchObject({
    tokens: 999,
    allowedTokens: 749,
  })
})

test('every moment lies in its window, and the next one begins where it ends', () => {
  const moment = fc.integer({ min: 0, max: Date.parse('2100-01-01') })
  const window = fc.record({
    hours: fc.integer({ min: 1, max: 200 }),
    reset: fc.constantFrom('00:00Z', '23:59-11:30', '2031-02-03T04:05Z'),
  })
  fc.assert(
    fc.property(moment, window, (nowMs, of) => {
      const set = settings({ tokens: 1, ...of })
      const { startsAtMs, endsAtMs } = windowAt(set, nowMs)!
      expect(startsAtMs <= nowMs && nowMs < endsAtMs).toBe(true)
      expect(endsAtMs - startsAtMs).toBe(of.hours * HOUR_MS)
      expect(windowAt(set, endsAtMs)!.startsAtMs).toBe(endsAtMs)
    }),
  )
})

test.each(['25:00Z', '23:00', '23:60Z', 'noon'])('%s is no reset time', (reset) => {
  expect(configSchema.safeParse({ window: { reset } }).success).toBe(false)
})
