import type { NeighbourLists } from './neighbour-lists.ts'

/** The facts of one row of several lists, nearest first; equal scores by rank. */
export function nearestOf(lists: readonly NeighbourLists[], row: number): number[] {
  const near: { rank: number; score: number }[] = []
  for (const { neighbourCount, ranks, scores } of lists) {
    const start = row * neighbourCount
    for (let at = start; at < start + neighbourCount && ranks[at] !== 0; at++) {
      near.push({ rank: ranks[at]! - 1, score: scores[at]! })
    }
  }
  return near.sort((a, b) => b.score - a.score || a.rank - b.rank).map(({ rank }) => rank)
}
