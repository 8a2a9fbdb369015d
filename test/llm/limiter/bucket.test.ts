import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Bucket } from '../../../src/llm/limiter/bucket.ts'
import { WORDS, wordsToBeginWith } from '../../../src/llm/limiter/limit-words.ts'

const SECOND = 1_000_000_000n
const START = 1_000n * SECOND

function setup(requestsPerMinute: number) {
  const words = wordsToBeginWith(null, { requestsPerMinute, tokensPerMinute: null }, START)
  const bucket = new Bucket(words, WORDS.requests)
  /** @returns whether it was there to be taken */
  const take = (cost: number, atNs: bigint): boolean => {
    const isThere = bucket.waitNs(cost, atNs) <= 0n
    if (isThere) bucket.take(cost, atNs)
    return isThere
  }
  return { bucket, take }
}

test('in no second is more let go than the bucket holds and what flows in', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 60, max: 600_000 }),
      fc.array(
        fc.record({ cost: fc.integer({ min: 1, max: 500 }), gapMs: fc.integer({ min: 0, max: 400 }) }),
        {
          maxLength: 200,
        },
      ),
      (perMinute, demands) => {
        const { take } = setup(perMinute)
        const grants: { atNs: bigint; cost: number }[] = []
        let nowNs = START
        for (const { cost, gapMs } of demands) {
          nowNs += BigInt(gapMs) * 1_000_000n
          if (take(cost, nowNs)) grants.push({ atNs: nowNs, cost })
        }
        const largest = Math.max(0, ...grants.map(({ cost }) => cost))
        for (const first of grants) {
          const inWindow = grants.filter(({ atNs }) => atNs >= first.atNs && atNs < first.atNs + SECOND)
          const sum = inWindow.reduce((total, { cost }) => total + cost, 0)
          // A bucket of one second, a second of inflow; what is larger than the bucket goes alone when it is full.
          expect(sum).toBeLessThanOrEqual((2 * perMinute) / 60 + 2 * largest)
        }
      },
    ),
  )
})

test('the wait that it tells is long enough, and a moment less is not', () => {
  const { bucket, take } = setup(600)
  while (take(1, START));
  const waitNs = bucket.waitNs(1, START)
  expect(take(1, START + waitNs - 1n)).toBe(false)
  expect(take(1, START + waitNs)).toBe(true)
})

test('what is given back can be taken again', () => {
  const { bucket, take } = setup(600)
  while (take(1, START));
  bucket.giveBack(3, START)
  const again = [1, 2, 3, 4].map(() => take(1, START))
  expect(again).toEqual([true, true, true, false])
})

test('an answer corrects the level by what it saw and what was granted since', () => {
  const { bucket, take } = setup(60)
  const seen = { perMinute: 6_000, size: 6_000, remaining: 1_000 }
  const takenThen = bucket.taken()
  bucket.take(900, START)
  bucket.correct(seen, START, takenThen, START + SECOND)
  // 1,000 were left, 100 flowed in, 900 were granted since: 200, of which the guard keeps a second and a half.
  expect(take(51, START + SECOND)).toBe(false)
  expect(take(50, START + SECOND)).toBe(true)
})

test('an answer to an older request than the last correction’s changes nothing', () => {
  const { bucket, take } = setup(60)
  const takenThen = bucket.taken()
  bucket.correct({ perMinute: 6_000, size: 6_000, remaining: 0 }, START + 2n, takenThen, START + SECOND)
  bucket.correct({ perMinute: 6_000, size: 6_000, remaining: 6_000 }, START + 1n, takenThen, START + SECOND)
  expect(take(200, START + SECOND)).toBe(false)
})

test('what was refused can go when the server said, not before', () => {
  const { bucket, take } = setup(6_000)
  bucket.refuse(50, 3n * SECOND, START)
  expect(take(50, START + 3n * SECOND - 1n)).toBe(false)
  expect(take(50, START + 3n * SECOND)).toBe(true)
})
