/** How often each value occurred. */
export interface HistogramBar {
  readonly value: number
  readonly count: number
}

/**
 * The smallest value that at least `percent` of all are not above (nearest rank).
 *
 * @param bars ascending by value, at least one
 * @param percent over 0, up to 100
 */
export function percentile(bars: readonly HistogramBar[], percent: number): number {
  const total = bars.reduce((sum, { count }) => sum + count, 0)
  const rank = Math.max(1, Math.ceil((percent / 100) * total))
  let seen = 0
  for (const { value, count } of bars) {
    seen += count
    if (seen >= rank) return value
  }
  return bars.at(-1)!.value
}
