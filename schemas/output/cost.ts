/** What clusters will cost, as estimate and a dry run tell it. */
import * as z from 'zod'
import { LANES } from '../states.ts'

const count = z.int().min(0)

export const promptEstimateSchema = z.strictObject({
  /** Clusters that a model is asked about; the others are answered by the built-in rules for nothing. */
  calls: count,
  promptTokens: z.number(),
  /** Prompts that were counted; as many as `calls` where the figure is not extrapolated. */
  counted: count,
  /** `bound`: the model's tokeniser is not known, so bytes were counted, which is never too low. */
  counterKind: z.enum(['bound', 'exact']),
  /** Of the prompts alone, at the primary model's price; null where that is not known. */
  inputMicroUsd: z.number().nullable(),
})

export const rangeSchema = z.strictObject({
  low: z.number(),
  mean: z.number(),
  high: z.number(),
})

const lengthSampleSchema = z.strictObject({
  answers: count,
  meanTokens: z.number(),
  varianceTokens: z.number(),
  p50Tokens: z.number(),
  p95Tokens: z.number(),
  meanPromptTokens: z.number(),
  /** Of the prompt tokens, 0 to 1: served from the provider's cache. */
  cachedShare: z.number(),
})

export const laneEstimateSchema = z.strictObject({
  lane: z.enum(LANES),
  reference: z.string(),
  /** Expected; a fraction of the clusters in the repair and expensive lanes. */
  calls: z.number(),
  promptTokens: z.number(),
  answerTokens: rangeSchema,
  /** null where no price is known. */
  microUsd: rangeSchema.nullable(),
  batchMicroUsd: z.number().nullable(),
  /** `limit`: no answer has told yet, so each is taken to be as long as it may be. */
  basis: z.enum(['history', 'limit']),
  history: lengthSampleSchema.nullable(),
})

export const costEstimateSchema = z.strictObject({
  lanes: z.array(laneEstimateSchema),
  calls: z.number(),
  tokens: rangeSchema,
  /** null where some lane has no price. */
  microUsd: rangeSchema.nullable(),
  batchMicroUsd: z.number().nullable(),
  /** Of the clusters that get a first answer, 0 to 1; null where none has told yet, and then no repair is counted. */
  repairShare: z.number().nullable(),
  expensiveShare: z.number().nullable(),
  /** At the limits of the settings, where they have any: the slowest of them. */
  hours: z.number().nullable(),
})
