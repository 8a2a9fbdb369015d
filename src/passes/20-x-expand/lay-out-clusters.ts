/** The rows of each cluster: its seed, its members from the nearest on, then context in the places that are left. */
import type { Standing } from '../../../schemas/states.ts'
import type { Cover } from './assign-members.ts'

export interface ClusterRow {
  readonly rank: number
  readonly standing: Standing
}

/** Row i is the i of the cluster. */
export type ClusterRows = readonly ClusterRow[]

/** By ascending rank of the seed. The rows of a cluster are laid out when they are asked for. */
export interface LaidOutClusters {
  readonly count: number
  seedAt(place: number): number
  rowsAt(place: number): ClusterRows
}

/**
 * @param contextOf the near facts of the seed at this place among the seeds, nearest first
 * @param maxMembers most rows, the seed and the context included
 */
export function layOutClusters(
  cover: Cover,
  seeds: Uint32Array,
  contextOf: (place: number) => readonly number[],
  maxMembers: number,
): LaidOutClusters {
  const membersOf = chainMembers(cover)
  return {
    count: seeds.length,
    seedAt: (place) => seeds[place]!,
    rowsAt(place) {
      const seed = seeds[place]!
      const members = membersOf(seed).sort((a, b) => cover.scores[b]! - cover.scores[a]! || a - b)
      const context = contextOf(place).slice(0, maxMembers - 1 - members.length)
      return [
        { rank: seed, standing: 'seed' },
        ...members.map((rank) => ({ rank, standing: 'member' as const })),
        ...context.map((rank) => ({ rank, standing: 'context' as const })),
      ]
    },
  }
}

/** The seeds of a cover, ascending. */
export function seedsOf({ seedOf }: Cover): Uint32Array {
  let seedCount = 0
  for (let rank = 0; rank < seedOf.length; rank++) if (seedOf[rank] === rank + 1) seedCount++
  const seeds = new Uint32Array(seedCount)
  let at = 0
  for (let rank = 0; rank < seedOf.length; rank++) if (seedOf[rank] === rank + 1) seeds[at++] = rank
  return seeds
}

function chainMembers({ seedOf }: Cover): (seed: number) => number[] {
  const first = new Uint32Array(seedOf.length)
  const next = new Uint32Array(seedOf.length)
  for (let rank = 0; rank < seedOf.length; rank++) {
    const seed = seedOf[rank]! - 1
    if (seed < 0 || seed === rank) continue
    next[rank] = first[seed]!
    first[seed] = rank + 1
  }
  return (seed) => {
    const members: number[] = []
    for (let link = first[seed]!; link !== 0; link = next[link - 1]!) members.push(link - 1)
    return members
  }
}
