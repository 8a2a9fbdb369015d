/**
 * The lexicographically first maximal independent set of the neighbour graph: walk the facts by priority; a
 * fact becomes a seed unless it is a neighbour of an earlier seed, on either one's list.
 *
 * Priority is the low half of the fact's hash. With the hash itself the seeds would gather where hashes are small, so
 * nearly all work would lie in the first shards (62 % in the first quarter of the key space on the demo's corpus).
 *
 * The set is fixed by the graph and the hashes, so no number of threads or shards can change it.
 */
import type { NeighbourLists } from './neighbour-lists.ts'

/**
 * @param left ranks that have no cluster yet, by priority: the graph is cut down to these
 * @param isLeft the same by rank, 1 or 0
 * @returns the seeds' ranks, by priority
 */
export function chooseSeeds(lists: NeighbourLists, left: Uint32Array, isLeft: Uint8Array): Uint32Array {
  const { neighbourCount, ranks } = lists
  const marks = new Uint8Array(isLeft.length)
  const seeds = new Uint32Array(left.length)
  let seedCount = 0
  for (const rank of left) {
    if (marks[rank] === NAMED_BY_SEED || namesSeed(lists, rank, marks)) continue
    marks[rank] = SEED
    seeds[seedCount++] = rank
    const row = rank * neighbourCount
    for (let at = row; at < row + neighbourCount && ranks[at] !== 0; at++) {
      const neighbour = ranks[at]! - 1
      if (isLeft[neighbour] === 1) marks[neighbour] = NAMED_BY_SEED
    }
  }
  return seeds.slice(0, seedCount)
}

const SEED = 1
const NAMED_BY_SEED = 2

function namesSeed({ neighbourCount, ranks }: NeighbourLists, rank: number, marks: Uint8Array): boolean {
  const row = rank * neighbourCount
  for (let at = row; at < row + neighbourCount && ranks[at] !== 0; at++) {
    if (marks[ranks[at]! - 1] === SEED) return true
  }
  return false
}
