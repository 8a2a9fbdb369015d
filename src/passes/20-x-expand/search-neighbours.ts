/**
 * The nearest facts of one fact, with work that is bounded whatever the corpus holds.
 *
 * 1. Read the holders of its terms, rarest first, until `postingsCap` of them were read; of the list that would
 *    go beyond, only a window is read, at the fact's own relative place, so that not everybody meets the same few.
 * 2. Where terms were left unread, the best candidates so far are scored again over all their terms.
 * 3. The best `neighbourCount` at or above the floor are the neighbours.
 *
 * Equal scores: the fact that comes next after the asking one in hash order, round the ring. If everybody preferred
 * the smallest hash, a thousand facts of one wording would all name the same twelve and share no cluster.
 */
import { type NeighbourIndex, TIMES_BITS, TIMES_MASK } from './neighbour-index.ts'
import { GAINS, scoreOf } from './score.ts'

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
 * @returns a search that owns its scratch memory: one for each thread; its answer is overwritten by the next one
 */
export function createSearch(
  index: NeighbourIndex,
  settings: SearchSettings,
): (rank: number, part: IndexPart) => FoundNeighbours {
  const candidates = createCandidates(settings.postingsCap)
  const kept = createRanking(settings.neighbourCount)
  const rescored = createRanking(settings.neighbourCount * RESCORED_PER_NEIGHBOUR)
  const { factFactor, factSelfScore, factCount, ownCount } = index

  return (rank, part) => {
    const first = part === 'own' ? 0 : ownCount
    const size = (part === 'own' ? ownCount : factCount) - first
    const origin = first + (part === 'own' ? rank % Math.max(1, size) : Math.floor((rank * size) / factCount))
    const floor = Math.max(1, Math.ceil((factSelfScore[rank]! * settings.scoreFloorMillionths) / 1_000_000))
    candidates.clear()
    kept.reset(origin, size, floor)
    const isComplete = gather(index, rank, first, size, settings.postingsCap, candidates)
    if (isComplete) {
      for (let c = 0; c < candidates.count; c++) {
        const other = candidates.rankAt(c)
        if (other !== rank) kept.offer(other, scoreOf(candidates.sumAt(c), factFactor[other]!))
      }
      return kept
    }
    rescored.reset(origin, size, 0)
    for (let c = 0; c < candidates.count; c++) {
      const other = candidates.rankAt(c)
      if (other !== rank) rescored.offer(other, scoreOf(candidates.sumAt(c), factFactor[other]!))
    }
    for (let at = 0; at < rescored.count; at++) {
      const other = rescored.ranks[at]! - 1
      kept.offer(other, scoreOf(sharedWeight(index, rank, other), factFactor[other]!))
    }
    return kept
  }
}

/** @returns whether every holder of every term was read */
function gather(
  index: NeighbourIndex,
  rank: number,
  first: number,
  size: number,
  postingsCap: number,
  candidates: Candidates,
): boolean {
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
      const place = Math.floor(((to - from - left) * rank) / index.factCount)
      from += place
      to = from + left
    }
    left -= to - from
    candidates.add(postings, from, to, termRarity[term]! * ((held & TIMES_MASK) + 1))
    if (isCut) return false
  }
  return true
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

/** What the terms of `a` weigh that `b` has too. Both lists ascend, so one walk over the two finds them. */
export function sharedWeight(index: NeighbourIndex, a: number, b: number): number {
  const { factStart, factLength, factTerms, termRarity } = index
  let atA = factStart[a]!
  let atB = factStart[b]!
  const endA = atA + factLength[a]!
  const endB = atB + factLength[b]!
  let sum = 0
  while (atA < endA && atB < endB) {
    const heldA = factTerms[atA]!
    const heldB = factTerms[atB]!
    const termA = heldA >>> TIMES_BITS
    const termB = heldB >>> TIMES_BITS
    if (termA === termB) {
      sum += termRarity[termA]! * ((heldA & TIMES_MASK) + 1) * GAINS[heldB & TIMES_MASK]!
      atA++
      atB++
    } else if (termA < termB) atA++
    else atB++
  }
  return sum
}

interface Candidates {
  readonly count: number
  clear(): void
  add(postings: Uint32Array, from: number, to: number, weight: number): void
  rankAt(candidate: number): number
  sumAt(candidate: number): number
}

/** Rank → sum in an open-addressing table as large as the work, not as the corpus: it stays in the cache. */
function createCandidates(postingsCap: number): Candidates {
  const slotCount = 2 ** Math.ceil(Math.log2(2 * postingsCap + 2))
  const mask = slotCount - 1
  const shift = 32 - Math.log2(slotCount)
  const keys = new Uint32Array(slotCount)
  const sums = new Uint32Array(slotCount)
  const slots = new Uint32Array(postingsCap)
  const gains = Uint32Array.from(GAINS)
  let count = 0
  return {
    get count() {
      return count
    },
    clear() {
      for (let c = 0; c < count; c++) keys[slots[c]!] = 0
      count = 0
    },
    add(postings, from, to, weight) {
      for (let at = from; at < to; at++) {
        const posting = postings[at]!
        const key = (posting >>> TIMES_BITS) + 1
        const gained = weight * gains[posting & TIMES_MASK]!
        let slot = Math.imul(key, 0x9e3779b1) >>> shift
        let held = keys[slot]!
        while (held !== key && held !== 0) {
          slot = (slot + 1) & mask
          held = keys[slot]!
        }
        if (held === key) {
          sums[slot]! += gained
          continue
        }
        keys[slot] = key
        sums[slot] = gained
        slots[count++] = slot
      }
    },
    rankAt: (candidate) => keys[slots[candidate]!]! - 1,
    sumAt: (candidate) => sums[slots[candidate]!]!,
  }
}

interface Ranking extends FoundNeighbours {
  readonly count: number
  reset(origin: number, size: number, floor: number): void
  offer(rank: number, score: number): void
}

/** The best `capacity` of what was offered, in order, by insertion: most offers fail the first comparison. */
function createRanking(capacity: number): Ranking {
  const ranks = new Uint32Array(capacity)
  const scores = new Uint16Array(capacity)
  let count = 0
  let origin = 0
  let size = 1
  let floor = 0
  const isBefore = (rankA: number, scoreA: number, at: number): boolean => {
    const scoreB = scores[at]!
    if (scoreA !== scoreB) return scoreA > scoreB
    return ahead(rankA) < ahead(ranks[at]! - 1)
  }
  const ahead = (rank: number): number => (rank >= origin ? rank - origin : rank - origin + size)
  return {
    ranks,
    scores,
    get count() {
      return count
    },
    reset(newOrigin, newSize, newFloor) {
      ranks.fill(0)
      scores.fill(0)
      count = 0
      origin = newOrigin
      size = newSize
      floor = newFloor
    },
    offer(rank, score) {
      if (score < floor) return
      if (count === capacity && !isBefore(rank, score, capacity - 1)) return
      let at = count < capacity ? count++ : capacity - 1
      while (at > 0 && isBefore(rank, score, at - 1)) {
        ranks[at] = ranks[at - 1]!
        scores[at] = scores[at - 1]!
        at--
      }
      ranks[at] = rank + 1
      scores[at] = score
    },
  }
}
