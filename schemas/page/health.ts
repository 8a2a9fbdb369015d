/** What the page is told of the health of a field. */
import * as z from 'zod'
import { healthSchema } from '../health.ts'

export const fieldListSchema = z.strictObject({
  current: z.string().nullable(),
  /** Newest first. */
  fields: z.array(
    z.strictObject({ fieldTag: z.string(), baseTag: z.string().nullable(), state: z.string() }),
  ),
})
export type FieldList = z.infer<typeof fieldListSchema>

export const healthPageSchema = z.strictObject({
  health: healthSchema,
  /** Of the field that it grew from; null for a first one, or where that is gone. */
  before: healthSchema.nullable(),
})
export type HealthPage = z.infer<typeof healthPageSchema>
