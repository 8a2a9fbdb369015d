import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutKeySpace, halve, holds, type KeyRange, rangeOf } from '../../shards/hash-range.ts'

const KEY_MIN = -(2n ** 63n)
const KEY_MAX = 2n ** 63n - 1n
const anyKey = fc.bigInt(KEY_MIN, KEY_MAX)
const anyCount = fc.integer({ min: 1, max: 300 })

test('the ranges cover the key space without gap or overlap', () => {
  fc.assert(
    fc.property(anyCount, (count) => {
      const ranges = cutKeySpace(count)
      expect(ranges).toHaveLength(count)
      expect(ranges[0]!.first).toBe(KEY_MIN)
      expect(ranges.at(-1)!.last).toBe(KEY_MAX)
      for (let at = 1; at < count; at += 1) expect(ranges[at]!.first).toBe(ranges[at - 1]!.last + 1n)
    }),
  )
})

test('widths differ by at most one key', () => {
  const widths = cutKeySpace(7).map(({ first, last }) => last - first)
  const [least, most] = [widths, widths].map((all, at) =>
    all.reduce((a, b) => ((at === 0) === a < b ? a : b)),
  )
  expect(most! - least!).toBeLessThanOrEqual(1n)
})

test('a key belongs to exactly one range, the one that rangeOf names', () => {
  fc.assert(
    fc.property(anyCount, anyKey, (count, key) => {
      const ranges = cutKeySpace(count)
      const holders = ranges.flatMap((range, at) => (holds(range, key) ? [at] : []))
      expect(holders).toEqual([rangeOf(ranges, key)])
    }),
  )
})

test('a key on a boundary belongs to the later shard', () => {
  const [first, second] = cutKeySpace(2) as [KeyRange, KeyRange]
  expect(holds(first, second.first)).toBe(false)
  expect(holds(second, second.first)).toBe(true)
})

test('halves adjoin and keep the ends', () => {
  fc.assert(
    fc.property(anyKey, anyKey, (a, b) => {
      fc.pre(a !== b)
      const whole = { first: a < b ? a : b, last: a < b ? b : a }
      const [left, right] = halve(whole)
      expect([left.first, right.last]).toEqual([whole.first, whole.last])
      expect(right.first).toBe(left.last + 1n)
    }),
  )
})

test.each([0, -1, 8193, 1.5, Number.NaN])('%s shards are refused with the range', (count) => {
  expect(() => cutKeySpace(count)).toThrow(/expected 1 to 8192/)
})

test('a range of one key cannot be split', () => {
  expect(() => halve({ first: 5n, last: 5n })).toThrow(/cannot be split/)
})
