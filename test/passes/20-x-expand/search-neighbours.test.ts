import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type NeighbourIndex,
  TIMES_BITS,
  TIMES_MASK,
} from '../../../src/passes/20-x-expand/neighbour-index.ts'
import { TermReader } from '../../../src/passes/20-x-expand/salient-terms.ts'
import { GAINS, scoreOf } from '../../../src/passes/20-x-expand/score.ts'
import { createSearch, type IndexPart } from '../../../src/passes/20-x-expand/search-neighbours.ts'
import { indexOfTexts } from '../../support/index-of-texts.ts'

const words = ['heat', 'light', 'wave', 'energy', 'body', 'glass', 'ring', 'zero', 'mass', 'flow']
const texts = fc.array(
  fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 8 }).map((found) => found.join(' ')),
  { minLength: 2, maxLength: 30 },
)

const found = (
  index: NeighbourIndex,
  rank: number,
  {
    part = 'own',
    count = 5,
    floor = 0,
    cap = 10_000,
  }: { part?: IndexPart; count?: number; floor?: number; cap?: number },
): { rank: number; score: number }[] => {
  const settings = { neighbourCount: count, scoreFloorMillionths: floor, postingsCap: cap }
  const { ranks, scores } = createSearch(index, settings)(rank, part)
  return [...ranks]
    .map((neighbour, at) => ({ rank: neighbour - 1, score: scores[at]! }))
    .filter((neighbour) => neighbour.rank >= 0)
}

/** What the terms of `a` weigh that `b` has too. */
function sharedWeight(index: NeighbourIndex, a: number, b: number): number {
  const heldBy = (rank: number): number[] => {
    const start = index.factStart[rank]!
    return [...index.factTerms.subarray(start, start + index.factLength[rank]!)]
  }
  const timesInB = new Map(heldBy(b).map((held) => [held >>> TIMES_BITS, held & TIMES_MASK] as const))
  return heldBy(a).reduce((sum, held) => {
    const term = held >>> TIMES_BITS
    const repeats = timesInB.get(term)
    if (repeats === undefined) return sum
    return sum + index.termRarity[term]! * ((held & TIMES_MASK) + 1) * GAINS[repeats]!
  }, 0)
}

/** Every fact scored against every other one. */
function byTheBook(index: NeighbourIndex, rank: number, first: number, end: number, origin: number) {
  const size = end - first
  const ahead = (other: number): number => (other - origin + size) % size
  return Array.from({ length: size }, (_, at) => first + at)
    .filter((other) => other !== rank)
    .map((other) => ({
      rank: other,
      score: scoreOf(sharedWeight(index, rank, other), index.factFactor[other]!),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || ahead(a.rank) - ahead(b.rank))
}

test('with room for all postings the neighbours are the best of all facts', () => {
  fc.assert(
    fc.property(texts, fc.nat(), (corpus, pick) => {
      const index = indexOfTexts(corpus)
      const rank = pick % corpus.length
      expect(found(index, rank, {})).toEqual(byTheBook(index, rank, 0, corpus.length, rank).slice(0, 5))
    }),
  )
})

test('a search in one part finds nobody of the other', () => {
  fc.assert(
    fc.property(texts, fc.nat(), fc.nat(), (corpus, split, pick) => {
      const ownCount = 1 + (split % (corpus.length - 1))
      const index = indexOfTexts(corpus, ownCount)
      const rank = pick % ownCount
      expect(found(index, rank, { part: 'own' })).toEqual(
        byTheBook(index, rank, 0, ownCount, rank).slice(0, 5),
      )
      const origin = ownCount + Math.floor((rank * (corpus.length - ownCount)) / ownCount)
      expect(found(index, rank, { part: 'covered' })).toEqual(
        byTheBook(index, rank, ownCount, corpus.length, origin).slice(0, 5),
      )
    }),
  )
})

test('a small cap leaves no wrong score, only fewer candidates', () => {
  fc.assert(
    fc.property(texts, fc.nat(), fc.integer({ min: 1, max: 20 }), (corpus, pick, cap) => {
      const index = indexOfTexts(corpus)
      const rank = pick % corpus.length
      const all = byTheBook(index, rank, 0, corpus.length, rank)
      const neighbours = found(index, rank, { cap })
      for (const neighbour of neighbours) expect(all).toContainEqual(neighbour)
      expect(neighbours.length).toBeLessThanOrEqual(cap)
    }),
  )
})

test('facts of one wording name those that follow them, not all the same few', () => {
  const index = indexOfTexts([...new Array(10).fill('heat flows'), 'a ring has a zero', 'glass breaks'])
  expect(found(index, 3, { count: 3 }).map(({ rank }) => rank)).toEqual([4, 5, 6])
  expect(found(index, 8, { count: 3 }).map(({ rank }) => rank)).toEqual([9, 0, 1])
})

test('the window of a list that is too long lies at the fact itself, so hardly a fact is met by nobody', () => {
  const index = indexOfTexts(new Array(100).fill('heat flows'))
  const met = new Set<number>()
  for (let rank = 0; rank < 100; rank++) {
    for (const neighbour of found(index, rank, { count: 4, cap: 10 })) met.add(neighbour.rank)
  }
  expect(met.size).toBeGreaterThan(90)
})

test('below the floor nobody is a neighbour', () => {
  const corpus = ['heat flows through a body', 'light bends in glass', 'a body of water', 'zero is a number']
  const index = indexOfTexts(corpus)
  const [nearest] = found(index, 0, {})
  expect(nearest?.rank).toBe(2)
  const share = Math.floor((1_000_000 * nearest!.score) / index.factSelfScore[0]!)
  expect(found(index, 0, { floor: share })).toEqual([nearest])
  expect(found(index, 0, { floor: share + 20_000 })).toEqual([])
})

test('a rare word that two facts share outweighs common ones', () => {
  const common = new Array(50).fill('heat is energy that flows')
  const index = indexOfTexts([
    ...common,
    'heat is measured by calorimetry',
    'calorimetry was founded in 1780',
  ])
  expect(found(index, 51, { count: 1 }).map(({ rank }) => rank)).toEqual([50])
})

test('terms of different spaces never meet', () => {
  const reader = new TermReader()
  reader.read('heat', 'physics')
  const first = [reader.high[0], reader.low[0]]
  reader.read('heat', 'cooking')
  expect([reader.high[0], reader.low[0]]).not.toEqual(first)
})
