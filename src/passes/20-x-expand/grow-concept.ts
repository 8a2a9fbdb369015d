/** A concept of the field as a cluster: what it has, and the near facts that it does not have yet. */
import type { ClusterRows } from './lay-out-clusters.ts'
import type { NeighbourLists } from './neighbour-lists.ts'

export interface GrowingConcept {
  /** Rank of its canonical fact. */
  readonly seed: number
  /** Ranks of its other facts, the best supported first. */
  readonly others: readonly number[]
}

/**
 * At most half of the rows say what the concept has, as long as there are near facts for the rest. A near fact
 * scores what it scores with the closest of those.
 *
 * @param rowOf the row of `lists` that holds the neighbours of a rank; undefined where nobody asked
 * @returns undefined where no near fact is new: asking would tell nothing
 */
export function growConcept(
  { seed, others }: GrowingConcept,
  lists: NeighbourLists,
  rowOf: (rank: number) => number | undefined,
  maxMembers: number,
): ClusterRows | undefined {
  const near = nearAndNew([seed, ...shownOf(others, maxMembers)], new Set([seed, ...others]), lists, rowOf)
  if (near.length === 0 || maxMembers < 2) return undefined
  const nearCount = Math.min(near.length, maxMembers - 1 - Math.min(others.length, halfOf(maxMembers) - 1))
  const shown = others.slice(0, maxMembers - 1 - nearCount)
  const context = [...shown, ...near.slice(0, nearCount)]
  return [
    { rank: seed, standing: 'seed' },
    ...context.map((rank) => ({ rank, standing: 'context' as const })),
  ]
}

const halfOf = (maxMembers: number): number => Math.ceil(maxMembers / 2)

/** The facts whose neighbours are asked for, beside the seed. */
export const shownOf = (others: readonly number[], maxMembers: number): readonly number[] =>
  others.slice(0, halfOf(maxMembers) - 1)

function nearAndNew(
  asked: readonly number[],
  has: ReadonlySet<number>,
  { neighbourCount, ranks, scores }: NeighbourLists,
  rowOf: (rank: number) => number | undefined,
): number[] {
  const best = new Map<number, number>()
  for (const rank of asked) {
    const row = rowOf(rank)
    if (row === undefined) continue
    const start = row * neighbourCount
    for (let at = start; at < start + neighbourCount && ranks[at] !== 0; at++) {
      const neighbour = ranks[at]! - 1
      if (!has.has(neighbour)) best.set(neighbour, Math.max(best.get(neighbour) ?? 0, scores[at]!))
    }
  }
  return [...best].sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || a - b).map(([rank]) => rank)
}
