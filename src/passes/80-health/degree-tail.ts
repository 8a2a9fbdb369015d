export interface TailStep {
  readonly at_least: number
  readonly concepts: number
}

/**
 * How many concepts have at least 1, 2, 4, 8 … edges, up to the largest degree.
 *
 * @param histogram concepts by their number of edges
 */
export function degreeTail(
  histogram: readonly { readonly degree: number; readonly concepts: number }[],
): TailStep[] {
  const largest = histogram.reduce((max, { degree }) => Math.max(max, degree), 0)
  const steps: TailStep[] = []
  for (let at_least = 1; at_least <= largest; at_least *= 2) {
    const concepts = histogram.reduce((sum, bar) => (bar.degree >= at_least ? sum + bar.concepts : sum), 0)
    steps.push({ at_least, concepts })
  }
  return steps
}
