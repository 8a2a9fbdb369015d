import { expect, test } from 'vitest'
import { Candidates } from '../../../src/passes/20-x-expand/candidates.ts'
import { TIMES_BITS } from '../../../src/passes/20-x-expand/neighbour-index.ts'
import { Ranking } from '../../../src/passes/20-x-expand/ranking.ts'

/** @returns the rank that scores best when all of the first `count` ranks were met, and `again` of them twice */
function bestOf(count: number, again: number): number {
  const candidates = new Candidates(count + 1)
  const postings = Uint32Array.from({ length: count }, (_, rank) => rank << TIMES_BITS)
  candidates.add(postings, 0, count, 1_000)
  candidates.add(postings, again, again + 1, 1_000)
  const best = new Ranking(1)
  best.reset(0, count, 0)
  candidates.offerTo(best, 0, new Uint16Array(count).fill(1_024), 1_024)
  return best.ranks[0]! - 1
}

test('two lists that hold one fact add up, however many facts were met before it', () => {
  expect(bestOf(100, 99)).toBe(99)
  // Around the places that two bytes can tell.
  expect(bestOf(65_534, 65_533)).toBe(65_533)
  expect(bestOf(65_537, 65_535)).toBe(65_535)
  expect(bestOf(65_537, 65_536)).toBe(65_536)
})

test('what was met before a clearing is forgotten', () => {
  const candidates = new Candidates(4)
  candidates.add(Uint32Array.of(1 << TIMES_BITS), 0, 1, 1_000)
  candidates.clear()
  candidates.add(Uint32Array.of(2 << TIMES_BITS), 0, 1, 1_000)
  const found = new Ranking(4)
  found.reset(0, 8, 0)
  candidates.offerTo(found, 0, new Uint16Array(8).fill(1_024), 1_024)
  expect([...found.ranks]).toEqual([3, 0, 0, 0])
})
