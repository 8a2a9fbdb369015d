/** What demo prints: the summaries of its three steps. */
import * as z from 'zod'
import { mergeSummarySchema } from './merge.ts'
import { document } from './output.ts'
import { planSummarySchema } from './plan.ts'
import { runSummarySchema } from './run.ts'

export const demoOutputs = {
  demo: document(
    z.strictObject({
      workspace: z.string(),
      plan: planSummarySchema,
      run: runSummarySchema,
      merge: mergeSummarySchema,
      /** The concepts with most edges. */
      leaders: z.array(z.string()),
    }),
  ),
}
