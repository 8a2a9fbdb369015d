/** What estimate prints. */
import * as z from 'zod'
import { costEstimateSchema, promptEstimateSchema } from './cost.ts'
import { document } from './output.ts'
import { runSummarySchema } from './run.ts'
import { unreadableShardSchema } from './trouble.ts'

const count = z.int().min(0)

export const estimateSchema = costEstimateSchema.extend({
  prompts: promptEstimateSchema,
  /** Clusters to do; those of them that the built-in rules answer for nothing. */
  todo: count,
  byRules: count,
  unreadable: z.array(unreadableShardSchema),
})

export const estimateOutputs = {
  estimate: document(
    estimateSchema.extend({
      /** What --ask did; null without it. */
      sample: runSummarySchema.nullable(),
    }),
  ),
}
