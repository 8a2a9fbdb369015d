/**
 * Covers all facts: seeds, then members, then the same again among what is left over, until nothing is.
 *
 * A fact is left over when every seed next to it is full. It is looked for among the left over only, so each round
 * makes at least one seed and the rounds come to an end.
 */
import { assignMembers, type Cover, makeCover } from './assign-members.ts'
import { chooseSeeds } from './choose-seeds.ts'
import type { NeighbourLists } from './neighbour-lists.ts'

/**
 * @param order all ranks, by priority
 * @returns a cover in which every fact has a seed, and how many rounds that took
 */
export function coverFacts(
  lists: NeighbourLists,
  order: Uint32Array,
  maxMembers: number,
): { cover: Cover; roundCount: number } {
  const cover = makeCover(order.length)
  const isLeft = new Uint8Array(order.length).fill(1)
  let left = order
  let roundCount = 0
  while (left.length > 0) {
    const seeds = chooseSeeds(lists, left, isLeft)
    assignMembers(lists, seeds, left, maxMembers, cover)
    left = left.filter((rank) => {
      if (cover.seedOf[rank] === 0) return true
      isLeft[rank] = 0
      return false
    })
    roundCount++
  }
  return { cover, roundCount }
}
