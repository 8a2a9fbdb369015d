/** What a plan's expansion made: printed, and kept as the record of the plan. */
import * as z from 'zod'
import type { Inferred } from './inferred.ts'

const count = z.int().min(0)

export const expandSummarySchema = z.strictObject({
  planNo: count,
  mode: z.enum(['field', 'cover', 'every', 'sample']),
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
  clusterSizes: z.array(
    z.strictObject({
      size: count,
      clusters: count,
    }),
  ),
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

export type ExpandSummary = Inferred<typeof expandSummarySchema>
