import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Bucket } from '../../../src/llm/limiter/bucket.ts'
import { limitMemory, WORDS } from '../../../src/llm/limiter/shared-words.ts'

const SECOND = 1_000_000_000n
const START = 1_000n * SECOND

function setup(requestsPerMinute: number): { bucket: Bucket; memory: SharedArrayBuffer } {
  const memory = limitMemory({ requestsPerMinute, tokensPerMinute: null, mostInFlight: 10 })
  return { bucket: new Bucket(new BigInt64Array(memory), WORDS.requests), memory }
}

test('four threads that take at once get together what is there, and not one more', async () => {
  const { bucket, memory } = setup(60_000)
  const entry = new URL('take-in-thread.ts', import.meta.url).href
  // A thread of its own knows nothing of how the tests read TypeScript.
  const program = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(entry)}, ${JSON.stringify(entry)}))`
  const workerData = { memory, nowNs: START, tries: 2_000 }
  const workers = Array.from({ length: 4 }, () => new Worker(program, { eval: true, workerData }))
  const taken = await Promise.all(
    workers.map(async (worker) => ((await once(worker, 'message')) as [number])[0]),
  )
  // A thousand a second, of which the guard keeps two hundred.
  expect(taken.reduce((sum, count) => sum + count)).toBe(800)
  expect(bucket.taken()).toBe(800n)
})

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
        const { bucket } = setup(perMinute)
        const grants: { atNs: bigint; cost: number }[] = []
        let nowNs = START
        for (const { cost, gapMs } of demands) {
          nowNs += BigInt(gapMs) * 1_000_000n
          if (bucket.take(cost, nowNs) === null) grants.push({ atNs: nowNs, cost })
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
  const { bucket } = setup(600)
  while (bucket.take(1, START) === null) bucket.count(1)
  const waitNs = bucket.take(1, START)!
  expect(bucket.take(1, START + waitNs - 1n)).not.toBeNull()
  expect(bucket.take(1, START + waitNs)).toBeNull()
})

test('what is given back can be taken again', () => {
  const { bucket } = setup(600)
  while (bucket.take(1, START) === null) bucket.count(1)
  bucket.giveBack(3, START)
  const again = [1, 2, 3, 4].map(() => bucket.take(1, START) === null)
  expect(again).toEqual([true, true, true, false])
})

test('an answer corrects the level by what it saw and what was granted since', () => {
  const { bucket } = setup(60)
  const seen = { perMinute: 6_000, size: 6_000, remaining: 1_000 }
  const takenThen = bucket.taken()
  bucket.count(900)
  bucket.correct(seen, START, takenThen, START + SECOND)
  // 1,000 were left, 100 flowed in, 900 were granted since: 200, of which the guard keeps a second and a half.
  expect(bucket.take(51, START + SECOND)).not.toBeNull()
  expect(bucket.take(50, START + SECOND)).toBeNull()
})

test('an answer to an older request than the last correction’s changes nothing', () => {
  const { bucket } = setup(60)
  const takenThen = bucket.taken()
  bucket.correct({ perMinute: 6_000, size: 6_000, remaining: 0 }, START + 2n, takenThen, START + SECOND)
  bucket.correct({ perMinute: 6_000, size: 6_000, remaining: 6_000 }, START + 1n, takenThen, START + SECOND)
  expect(bucket.take(200, START + SECOND)).not.toBeNull()
})

test('what was refused can go when the server said, not before', () => {
  const { bucket } = setup(6_000)
  bucket.refuse(50, 3n * SECOND, START)
  expect(bucket.take(50, START + 3n * SECOND - 1n)).not.toBeNull()
  expect(bucket.take(50, START + 3n * SECOND)).toBeNull()
})
