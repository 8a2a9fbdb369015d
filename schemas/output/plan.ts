/** What plan prints. */
import { z } from 'zod'
import { costEstimateSchema, promptEstimateSchema } from './cost.ts'
import { document } from './output.ts'

const count = z.int().min(0)

const inputRowSchema = z.strictObject({
  inputNo: count,
  path: z.string(),
  format: z.string(),
  lines: count,
  isComplete: z.boolean(),
  added: count,
  changed: count,
  removed: count,
  known: count,
  repeated: count,
  filtered: count,
  refused: count,
})

const intakeSummarySchema = z.strictObject({
  planNo: count,
  lines: count,
  /** Facts removed because the inputs of a replacing plan do not name them; they stand on no line. */
  replaced: count,
  inputs: z.array(inputRowSchema),
  added: count,
  changed: count,
  removed: count,
  known: count,
  repeated: count,
  filtered: count,
  refused: count,
})

const expandSummarySchema = z.strictObject({
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

export const planSummarySchema = z.strictObject({
  planNo: count,
  intake: intakeSummarySchema.nullable(),
  /** Facts that no concept had kept and that are covered anew. */
  released: count,
  expand: expandSummarySchema.nullable(),
  shards: z.strictObject({
    written: count,
    unchanged: count,
    retired: count,
    count: count,
  }),
})

export const splitSummarySchema = z.strictObject({
  parentNo: count,
  children: z.array(
    z.strictObject({
      shardNo: count,
      clusters: count,
    }),
  ),
})

export const dryRunSummarySchema = z.strictObject({
  intake: intakeSummarySchema.nullable(),
  expand: expandSummarySchema,
  prompts: promptEstimateSchema,
  /** Of these clusters alone, by what the answers of this workspace have told so far. */
  cost: costEstimateSchema,
  corpusBytes: count,
  /** Of the shard files before a run, from the texts that they will hold. */
  shardBytes: count,
})

export const writtenDomainsSchema = z.strictObject({
  dir: z.string(),
  domains: count,
  clusters: count,
})

const withClusters = {
  /** Only with --clusters: what was written for people to look at. */
  clusters: writtenDomainsSchema.optional(),
}

export const planOutputs = {
  plan: document(planSummarySchema.extend(withClusters)),
  'plan --split': document(splitSummarySchema.extend(withClusters)),
  'plan --dry-run': document(dryRunSummarySchema.extend(withClusters)),
  'plan --clusters': document(z.strictObject({ clusters: writtenDomainsSchema })),
}
