/**
 * Gives each fact to its best adjacent seed that has room, in one pass by priority.
 *
 * Two facts are adjacent where one is on the other's list; their score is the larger one where both are. Equal
 * scores go to the seed with the smaller hash.
 */
import type { NeighbourLists } from './neighbour-lists.ts'

export interface Cover {
  /** By rank: one more than the rank of the fact's seed, 0 where it has none; a seed's seed is itself. */
  readonly seedOf: Uint32Array
  /** By rank: the member's score with its seed. */
  readonly scores: Uint16Array
  /** By rank: how many facts the cluster of this seed has, itself included. */
  readonly sizes: Uint8Array
}

export const makeCover = (factCount: number): Cover => ({
  seedOf: new Uint32Array(factCount),
  scores: new Uint16Array(factCount),
  sizes: new Uint8Array(factCount),
})

/**
 * @param seeds ranks, in any order
 * @param left ranks that have no cluster yet, the seeds among them, in the order in which they choose
 * @param maxMembers most facts of a cluster, the seed included, 1 to 64
 * @param cover gets the new clusters
 */
export function assignMembers(
  lists: NeighbourLists,
  seeds: Uint32Array,
  left: Uint32Array,
  maxMembers: number,
  cover: Cover,
): void {
  for (const seed of seeds) {
    cover.seedOf[seed] = seed + 1
    cover.sizes[seed] = 1
  }
  const naming = namedBySeeds(lists, seeds, cover.seedOf.length)
  const isOpen = markOf(maxMembers > 1 ? seeds : NOBODY, cover.seedOf.length)
  for (const rank of left) {
    if (cover.seedOf[rank] !== 0) continue
    const best = bestSeed(lists, rank, naming, seeds, isOpen)
    if (best === undefined) continue
    cover.seedOf[rank] = best.seed + 1
    cover.scores[rank] = best.score
    if (++cover.sizes[best.seed]! >= maxMembers) isOpen[best.seed] = 0
  }
}

const NOBODY = new Uint32Array(0)

/**
 * The seeds' lists turned round: `first[rank]` begins a chain of places in the seeds' rows, one more each, that
 * name `rank`; place p belongs to seed ⌊p / neighbourCount⌋.
 */
interface Naming {
  readonly first: Uint32Array
  readonly next: Uint32Array
}

function namedBySeeds(
  { neighbourCount, ranks }: NeighbourLists,
  seeds: Uint32Array,
  factCount: number,
): Naming {
  const first = new Uint32Array(factCount)
  const next = new Uint32Array(seeds.length * neighbourCount)
  for (let s = 0; s < seeds.length; s++) {
    const row = seeds[s]! * neighbourCount
    for (let j = 0; j < neighbourCount && ranks[row + j] !== 0; j++) {
      const named = ranks[row + j]! - 1
      const place = s * neighbourCount + j
      next[place] = first[named]!
      first[named] = place + 1
    }
  }
  return { first, next }
}

function markOf(ranks: Uint32Array, factCount: number): Uint8Array {
  const marks = new Uint8Array(factCount)
  for (const rank of ranks) marks[rank] = 1
  return marks
}

/** @param isOpen by rank: 1 for a seed of this round that has room */
function bestSeed(
  { neighbourCount, ranks, scores }: NeighbourLists,
  rank: number,
  naming: Naming,
  seeds: Uint32Array,
  isOpen: Uint8Array,
): { seed: number; score: number } | undefined {
  let seed = -1
  let score = 0
  const offer = (offered: number, offeredScore: number): void => {
    if (isOpen[offered] !== 1 || offeredScore < score) return
    if (offeredScore === score && seed !== -1 && offered > seed) return
    seed = offered
    score = offeredScore
  }
  const row = rank * neighbourCount
  for (let at = row; at < row + neighbourCount && ranks[at] !== 0; at++) offer(ranks[at]! - 1, scores[at]!)
  for (let link = naming.first[rank]!; link !== 0; link = naming.next[link - 1]!) {
    const named = seeds[Math.floor((link - 1) / neighbourCount)]!
    offer(named, scores[named * neighbourCount + ((link - 1) % neighbourCount)]!)
  }
  return seed === -1 ? undefined : { seed, score }
}
