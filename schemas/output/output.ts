/** How a command prints with --json. */
import type * as z from 'zod'

export interface Output<Schema extends z.ZodType = z.ZodType> {
  /** document: one, in one piece. lines: any number of objects, a line each. */
  readonly as: 'document' | 'lines'
  readonly schema: Schema
}

export const document = <Schema extends z.ZodType>(schema: Schema): Output<Schema> => ({
  as: 'document',
  schema,
})
export const lines = <Schema extends z.ZodType>(schema: Schema): Output<Schema> => ({ as: 'lines', schema })
