/** Counts that describe what an expansion made. */
import type { ExpandSummary } from '../../../schemas/expand-summary.ts'

/** Facts a cluster that a model is asked about, in thousandths: the calls that covering saves. */
export const factsPerAskedCluster = ({
  seedCount,
  memberCount,
  clusterCount,
  loneCount,
}: ExpandSummary): number =>
  clusterCount === loneCount
    ? 0
    : Math.round((1_000 * (seedCount + memberCount - loneCount)) / (clusterCount - loneCount))

/** Counts rows as clusters pass by. */
export function tallyClusters(): {
  add(rows: readonly { standing: string }[]): void
  tally(): Pick<
    ExpandSummary,
    'seedCount' | 'memberCount' | 'contextCount' | 'clusterCount' | 'loneCount' | 'clusterSizes'
  >
} {
  const sizes = new Map<number, number>()
  const standings = { seed: 0, member: 0, context: 0 }
  return {
    add(rows) {
      sizes.set(rows.length, (sizes.get(rows.length) ?? 0) + 1)
      for (const { standing } of rows) standings[standing as keyof typeof standings]++
    },
    tally: () => ({
      seedCount: standings.seed,
      memberCount: standings.member,
      contextCount: standings.context,
      clusterCount: standings.seed,
      loneCount: sizes.get(1) ?? 0,
      clusterSizes: [...sizes].sort(([a], [b]) => a - b).map(([size, clusters]) => ({ size, clusters })),
    }),
  }
}
