/** A fact as a reader of a field sees it. */
import * as z from 'zod'

/** All null where the corpus does not know the fact any more. */
export const factTextSchema = z.strictObject({
  text: z.string().nullable(),
  source: z.string().nullable(),
  domain: z.string().nullable(),
})

export const knownFactSchema = factTextSchema.extend({ factId: z.string() })
