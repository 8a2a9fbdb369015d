/** What the page is told when something is wrong. */
import * as z from 'zod'

export const troubleSchema = z.strictObject({ code: z.string(), message: z.string() })

export const apiErrorSchema = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }),
})
