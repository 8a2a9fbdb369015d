/** What stands on stdout instead where a command fails. */
import * as z from 'zod'
import { failureCodes } from '../failure.ts'

export const errorSchema = z.strictObject({
  error: z.strictObject({
    code: z.enum(failureCodes),
    /** What was found, and what was expected. */
    message: z.string().min(1),
    /** What to do about it. */
    hint: z.string().min(1),
    exitCode: z.int().min(1).max(255),
  }),
})
export type ErrorOutput = z.infer<typeof errorSchema>
