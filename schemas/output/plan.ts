/** What plan prints. */
import * as z from 'zod'
import { expandSummarySchema } from '../expand-summary.ts'
import { costEstimateSchema, promptEstimateSchema } from './cost.ts'
import { document } from './output.ts'

const count = z.int().min(0)

/** What became of the lines. */
const lineCountsSchema = z.strictObject({
  added: count,
  changed: count,
  removed: count,
  known: count,
  repeated: count,
  filtered: count,
  refused: count,
})

const inputRowSchema = lineCountsSchema.extend({
  inputNo: count,
  path: z.string(),
  format: z.string(),
  lines: count,
  isComplete: z.boolean(),
})

export const intakeSummarySchema = lineCountsSchema.extend({
  planNo: count,
  lines: count,
  /** Facts removed because the inputs of a replacing plan do not name them; they stand on no line. */
  replaced: count,
  inputs: z.array(inputRowSchema),
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
