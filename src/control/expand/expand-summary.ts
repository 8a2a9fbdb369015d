/** What a plan's expansion made, for a person and for the record of the plan. */
import { z } from 'zod'

const count = z.int().min(0)

export const expandSummarySchema = z.strictObject({
  planNo: z.int(),
  mode: z.enum(['cover', 'every', 'sample', 'field']),
  /** Live representatives, and how many of them waited to be covered. */
  factCount: count,
  uncoveredCount: count,
  seedCount: count,
  memberCount: count,
  contextCount: count,
  unselectedCount: count,
  clusterCount: count,
  /** Clusters of one fact. */
  loneCount: count,
  /** Rounds of choosing seeds until every fact had one; 0 outside cover. */
  roundCount: count,
  /** By rows, ascending. */
  clusterSizes: z.array(z.strictObject({ size: count, clusters: count })),
  /** Distinct terms, within about one per cent. */
  termCount: count,
  /** Memory as it was reckoned before it was taken; see expandBytes. */
  bytes: z.strictObject({
    index: count,
    dictionary: count,
    cover: count,
    threads: count,
    peak: count,
  }),
})
export type ExpandSummary = z.infer<typeof expandSummarySchema>

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
