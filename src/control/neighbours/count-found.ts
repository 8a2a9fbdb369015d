/** Pairs of ranks in an index, and whether the one is among the nearest of the other. Pure. */
export interface FoundPairs {
  readonly pairs: number
  /** Pairs of which at least one fact has the other among its nearest. */
  readonly found: number
  /** Of the two directions of every pair, those that find: 0 to 2 · pairs. */
  readonly foundDirections: number
}

export type RankPair = readonly [number, number]

export function countFound(
  pairs: readonly RankPair[],
  nearestOf: (rank: number) => readonly number[],
): FoundPairs {
  let [found, foundDirections] = [0, 0]
  for (const [a, b] of pairs) {
    const directions = Number(nearestOf(a).includes(b)) + Number(nearestOf(b).includes(a))
    foundDirections += directions
    if (directions > 0) found += 1
  }
  return { pairs: pairs.length, found, foundDirections }
}
