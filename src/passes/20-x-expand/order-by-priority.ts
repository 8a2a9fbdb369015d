/**
 * Sorts ranks by a 32-bit priority, equal ones as they stood: a radix sort in two passes of 16 bits, each of them stable.
 *
 * @param priorities by rank, 0 to 2^32 - 1
 * @param ranks all of them, ascending where not given
 */
export function orderByPriority(
  priorities: Uint32Array,
  ranks: Uint32Array = Uint32Array.from(priorities.keys()),
): Uint32Array {
  const byLowHalf = sortBy(ranks, (rank) => priorities[rank]! & 0xffff)
  return sortBy(byLowHalf, (rank) => priorities[rank]! >>> 16)
}

/** @param digitOf 0 to 65,535 */
function sortBy(ranks: Uint32Array, digitOf: (rank: number) => number): Uint32Array {
  const starts = new Uint32Array(65_537)
  for (const rank of ranks) starts[digitOf(rank) + 1]!++
  for (let digit = 0; digit < 65_536; digit++) starts[digit + 1]! += starts[digit]!
  const sorted = new Uint32Array(ranks.length)
  for (const rank of ranks) sorted[starts[digitOf(rank)]!++] = rank
  return sorted
}
