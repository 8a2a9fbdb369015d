/** What the verbs of spend print. */
import * as z from 'zod'
import { failureCodes } from '../failure.ts'
import { ATTEMPT_STATES, LANES } from '../states.ts'
import { document } from './output.ts'
import { failureSchema, heldShardSchema, unreadableShardSchema } from './trouble.ts'

const count = z.int().min(0)

const spendCountsSchema = z.strictObject({
  attempts: count,
  /** Answers found in store: nothing was sent for them. */
  reused: count,
  promptTokens: count,
  cachedTokens: count,
  answerTokens: count,
  /** At worst case where the state is `sent` or `unknown`. */
  microUsd: count,
})

export const spendTotalsSchema = spendCountsSchema.extend({
  /** Of `microUsd`: booked at worst case, because nobody knows whether it was billed. */
  unsettledMicroUsd: count,
})

export const runSpendSchema = spendCountsSchema.extend({
  /** null for a run that the control file does not know. */
  runTag: z.string().nullable(),
  runId: count,
  lane: z.enum(LANES),
  provider: z.string(),
  model: z.string(),
  /** The tier that answered, where the provider told one. */
  serviceTier: z.string().nullable(),
  state: z.enum(ATTEMPT_STATES),
})

/** What search by meaning cost: vectors of a field's texts (build) and of what was searched for (query). */
export const embeddingSpendSchema = z.strictObject({
  provider: z.string(),
  model: z.string(),
  purpose: z.enum(['build', 'query']),
  state: z.enum(['sent', 'settled', 'failed', 'unknown', 'reconciled']),
  requests: count,
  texts: count,
  tokens: count,
  /** At worst case where the state is `sent` or `unknown`. */
  microUsd: count,
})

export const spendSchema = z.strictObject({
  /** By run, lane, provider, model, tier and state, in that order. */
  rows: z.array(runSpendSchema),
  totals: spendTotalsSchema,
  /** By model, purpose and state; not in `totals`, which are those of runs. */
  embeddings: z.array(embeddingSpendSchema),
  unreadable: z.array(unreadableShardSchema),
})

const codeCostSchema = z.strictObject({
  code: z.enum(failureCodes),
  attempts: count,
  /** Of `attempts`: the answer was taken all the same, after salvage. */
  salvaged: count,
  tokens: count,
  microUsd: count,
})

/** Clusters that a lane was asked about, what that cost, and how many it brought home. */
export const laneYieldSchema = z.strictObject({
  lane: z.enum(LANES),
  calls: count,
  clusters: count,
  clustersOk: count,
  tokens: count,
  microUsd: count,
})

export const salvageSavingSchema = z.strictObject({
  /** Clusters that salvage made good. */
  clusters: count,
  /** Calls of the next lane that were not needed; null where that lane was never asked, so that nobody knows its price. */
  savedMicroUsd: count.nullable(),
  savedTokens: count.nullable(),
})

export const economicsSchema = z.strictObject({
  /** Dearest first, then by code. An attempt counts under each of its codes. */
  codes: z.array(codeCostSchema),
  /** In the order of the lanes; a lane that was never asked is left out. */
  lanes: z.array(laneYieldSchema),
  salvage: salvageSavingSchema,
  /** Of all that was spent on models. */
  microUsd: count,
  unreadable: z.array(unreadableShardSchema),
})

/** Milliseconds since 1970, both ends included. */
export const intervalSchema = z.strictObject({
  fromMs: z.number(),
  toMs: z.number(),
})

export const providerCoverSchema = z.strictObject({
  provider: z.string(),
  /** Attempts of the time that were answered, and those of them that the list lacks. */
  answered: count,
  missing: count,
  /** Of those found: the list tells other tokens than the answer did. */
  contradicted: count,
})

export const settledSchema = z.strictObject({
  /** Unknown attempts that the list has. */
  billed: count,
  billedMicroUsd: count,
  /** Unknown attempts that a list which covers their time has not. */
  notBilled: count,
  /** Unknown still: the list has them not, and does not cover them. */
  notMatched: count,
  /** Answers without usage that are booked at what the list says now. */
  corrected: count,
  /** Worst cases less what was truly billed: free again. Below 0 where the list tells more. */
  freedMicroUsd: z.int(),
})

/** The books of vectors, which a provider may list apart. */
export const reconciledVectorsSchema = settledSchema.extend({
  providers: z.array(providerCoverSchema),
  /** Who makes vectors just now, so that their books were left alone. */
  heldBy: z.string().nullable(),
  /** Why their file could not be read. */
  failure: failureSchema.nullable(),
})

export const reconciledSchema = settledSchema.extend({
  listed: count,
  refused: z.array(
    z.strictObject({
      line: count,
      failure: failureSchema,
    }),
  ),
  /** Lines about none of our requests. */
  foreign: count,
  covers: intervalSchema.nullable(),
  providers: z.array(providerCoverSchema),
  /** null where nobody ever asked for a vector. All other figures are of runs. */
  vectors: reconciledVectorsSchema.nullable(),
  held: z.array(heldShardSchema),
  unreadable: z.array(unreadableShardSchema),
})

const listedPriceSchema = z.strictObject({
  provider: z.string(),
  /** `*` for all of a provider's. */
  model: z.string(),
  /** Whether the settings told it. */
  isOwn: z.boolean(),
  asOf: z.string(),
  source: z.string(),
  inputMicroUsdPerMillion: count,
  cachedInputMicroUsdPerMillion: count,
  /** For prompt tokens that the provider put into its cache. */
  cacheWriteMicroUsdPerMillion: count,
  outputMicroUsdPerMillion: count,
  /** What a batch costs of all this. */
  batchPercent: count,
  /** What answers of the tiers `flex` and `priority` cost of it. */
  flexPercent: count,
  priorityPercent: count,
  /** What is reserved of it before a request leaves. */
  reservedPercent: count,
})

export const pricesSchema = z.array(listedPriceSchema)

export const spendOutputs = {
  'spend show': document(spendSchema),
  'spend show --by code': document(economicsSchema),
  'spend reconcile': document(reconciledSchema),
  'spend prices': document(pricesSchema),
}
