import * as z from 'zod'

/** One statement, as planned. `source` is free text that leads a person back to where it came from. */
export const factSchema = z.strictObject({
  factId: z.string().min(1),
  dupGroupId: z.string().min(1),
  domain: z.string(),
  text: z.string().min(1),
  source: z.string(),
})
export type Fact = z.infer<typeof factSchema>

/** Where a record stood in its input: for a JSONL file the byte where its line begins, else the row number. */
export interface Place {
  readonly file: string
  readonly byteOffset: number
  readonly lineNumber: number
}
