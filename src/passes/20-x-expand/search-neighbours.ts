/**
 * The nearest facts of one fact, with work that is bounded whatever the corpus holds.
 *
 * 1. Read the holders of its terms, rarest first, until `postingsCap` of them were read; of the list that would
 *    go beyond, only a window is read, at the fact's own relative place, so that not everybody meets the same few.
 * 2. Where terms were left unread, the best candidates so far are scored again over all their terms.
 * 3. The best `neighbourCount` at or above the floor are the neighbours.
 */
import { Candidates } from './candidates.ts'
import { type NeighbourIndex, TIMES_BITS, TIMES_MASK } from './neighbour-index.ts'
import { Ranking } from './ranking.ts'
import { createScoringAgain } from './score-again.ts'

export interface SearchSettings {
  /** Best neighbours kept, 1 to 64. */
  readonly neighbourCount: number
  /** Least score of a neighbour, in millionths of the score that the fact has with itself. */
  readonly scoreFloorMillionths: number
  /** Most postings read for one fact. */
  readonly postingsCap: number
}

/** own: among the facts that are to be covered; covered: among the others. */
export type IndexPart = 'own' | 'covered'

/** `ranks[i]` is one more than a neighbour's rank, 0 where there are no more; best first. */
export interface FoundNeighbours {
  readonly ranks: Uint32Array
  readonly scores: Uint16Array
}

/** Candidates scored again, per neighbour wanted. */
const RESCORED_PER_NEIGHBOUR = 4

/**
 * Only facts that are to be covered ask, in either part.
 *
 * @returns a search that owns its scratch memory: one for each thread; its answer is overwritten by the next one
 */
export function createSearch(
  index: NeighbourIndex,
  settings: SearchSettings,
): (rank: number, part: IndexPart) => FoundNeighbours {
  const candidates = new Candidates(settings.postingsCap)
  const kept = new Ranking(settings.neighbourCount)
  const rescoredCount = settings.neighbourCount * RESCORED_PER_NEIGHBOUR
  const rescored = new Ranking(rescoredCount)
  const scoreAgain = createScoringAgain(index, rescoredCount)
  const { factFactor, factSelfScore, factCount, ownCount } = index
  const largestFactor = factFactor.reduce((most, factor) => Math.max(most, factor), 1)

  return (rank, part) => {
    const first = part === 'own' ? 0 : ownCount
    const size = (part === 'own' ? ownCount : factCount) - first
    // The asking fact's own place, or the place in the other part that is as far along.
    const origin = first + Math.floor((rank * size) / ownCount)
    const floor = Math.max(1, Math.ceil((factSelfScore[rank]! * settings.scoreFloorMillionths) / 1_000_000))
    candidates.clear()
    kept.reset(origin, size, floor)
    const unread = gather(index, rank, first, size, settings.postingsCap, candidates)
    if (unread === 0) {
      candidates.offerTo(kept, rank, factFactor, largestFactor)
      return kept
    }
    rescored.reset(origin, size, 0)
    candidates.offerTo(rescored, rank, factFactor, largestFactor)
    scoreAgain(rank, unread, rescored, kept)
    return kept
  }
}

/** @returns what the terms weigh in the fact whose holders were not all read; 0 where all were */
function gather(
  index: NeighbourIndex,
  rank: number,
  first: number,
  size: number,
  postingsCap: number,
  candidates: Candidates,
): number {
  const { factStart, factLength, factTerms, termStart, termRarity, postings } = index
  const isWhole = size === index.factCount
  let left = postingsCap
  const end = factStart[rank]! + factLength[rank]!
  for (let at = factStart[rank]!; at < end; at++) {
    const held = factTerms[at]!
    const term = held >>> TIMES_BITS
    let from = termStart[term]!
    let to = termStart[term + 1]!
    if (!isWhole) {
      from = lowerBound(postings, from, to, first << TIMES_BITS)
      to = lowerBound(postings, from, to, (first + size) << TIMES_BITS)
    }
    const isCut = to - from > left
    if (isCut) {
      const place = Math.floor(((to - from - left) * rank) / index.ownCount)
      from += place
      to = from + left
    }
    left -= to - from
    candidates.add(postings, from, to, termRarity[term]! * ((held & TIMES_MASK) + 1))
    if (isCut) return weightFrom(index, at, end)
  }
  return 0
}

function weightFrom({ factTerms, termRarity }: NeighbourIndex, start: number, end: number): number {
  let weight = 0
  for (let at = start; at < end; at++) {
    const held = factTerms[at]!
    weight += termRarity[held >>> TIMES_BITS]! * ((held & TIMES_MASK) + 1)
  }
  return weight
}

function lowerBound(sorted: Uint32Array, from: number, to: number, wanted: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return low
}
