import type { Inferred } from '../../../schemas/inferred.ts'
import type { runSummarySchema } from '../../../schemas/output/run.ts'

/** What one `run` did, over all shards that it worked on. */
export type RunSummary = Inferred<typeof runSummarySchema>
