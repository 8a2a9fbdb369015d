/** What embed prints. */
import * as z from 'zod'
import { document } from './output.ts'
import { failureSchema } from './trouble.ts'

const count = z.int().min(0)

export const embeddingEstimateSchema = z.strictObject({
  /** Concepts, and facts where they were asked for. */
  documents: count,
  /** Their texts have a vector already, from whatever field it was paid for. */
  known: count,
  /** Their texts are refused by the model. */
  refused: count,
  /** Texts to ask for; the same text in two documents is asked once. */
  todo: count,
  requests: count,
  /** At most. */
  tokens: count,
  /** exact: by the model's own tokeniser. bound: never too low, and up to several times too high. */
  tokensAre: z.enum(['exact', 'bound']),
  /** At most; null where no price is known. */
  microUsd: count.nullable(),
})

const place = { fieldTag: z.string(), model: z.string() }

const embedSchema = z.strictObject({
  ...place,
  estimate: embeddingEstimateSchema,
  /** Texts that were asked for and have a vector now. */
  embedded: count,
  /** Texts that the model refused now, and that are not asked again. */
  refused: count,
  /** Of this process. */
  requests: count,
  tokens: count,
  microUsd: count,
  /** Documents of the field with a vector, that search finds by meaning from now on. */
  inIndex: z.strictObject({ concepts: count, facts: count }),
  /** Of the whole build, over every start. null where none was open and nothing was left to ask for. */
  build: z
    .strictObject({
      buildId: count,
      capMicroUsd: count.nullable(),
      /** At worst case where nobody knows whether it was billed. */
      bookedMicroUsd: count,
      isClosed: z.boolean(),
    })
    .nullable(),
  /** Why it stopped before its end. */
  stop: failureSchema.nullable(),
})

export const embedOutputs = {
  embed: document(embedSchema),
  'embed --dry-run': document(z.strictObject({ ...place, estimate: embeddingEstimateSchema })),
}
