import { millionthsOf } from './millionths.ts'

/** How often each kind occurs. */
export type Distribution = ReadonlyMap<string, number>

/**
 * Jensen-Shannon divergence to base 2 of two distributions: 0 for equal ones, a million for those that share nothing.
 *
 * @returns millionths of a bit; null where one of the two is empty, since nothing can be said then
 */
export function diverge(a: Distribution, b: Distribution): number | null {
  const [totalA, totalB] = [totalOf(a), totalOf(b)]
  if (totalA === 0 || totalB === 0) return null
  let bits = 0
  // Ascending, so that the sum is the same whatever the order of the rows was.
  for (const kind of [...new Set([...a.keys(), ...b.keys()])].sort()) {
    const p = (a.get(kind) ?? 0) / totalA
    const q = (b.get(kind) ?? 0) / totalB
    const middle = (p + q) / 2
    bits += (informationOf(p, middle) + informationOf(q, middle)) / 2
  }
  return Math.min(Math.max(millionthsOf(bits, 1)!, 0), 1_000_000)
}

const totalOf = (distribution: Distribution): number => [...distribution.values()].reduce((a, b) => a + b, 0)

const informationOf = (share: number, middle: number): number =>
  share === 0 ? 0 : share * Math.log2(share / middle)
