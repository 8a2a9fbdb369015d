/** What merge and stage print. */
import * as z from 'zod'
import { healthSchema } from '../health.ts'
import { manifestSchema } from '../manifest.ts'
import { document } from './output.ts'
import { profileSchema } from './profile.ts'

const leftoverSchema = z.strictObject({
  fieldTag: z.string(),
  /** finished: it had been published already, only its record was missing. */
  action: z.enum(['removed', 'finished']),
})

export const mergeSummarySchema = z.strictObject({
  /** unchanged: the same field from the same inputs is published already; nothing was written. */
  outcome: z.enum(['published', 'unchanged']),
  fieldTag: z.string(),
  manifest: manifestSchema,
  /** null where nothing changed, so nothing was judged. */
  health: healthSchema.nullable(),
  /** Where the time went; null unless it was asked for. */
  profile: profileSchema.nullable(),
  /** What a killed merge had left behind, and what became of it. */
  leftovers: z.array(leftoverSchema),
})

export const mergeOutputs = {
  merge: document(mergeSummarySchema),
  stage: document(mergeSummarySchema),
}
