/** A cluster with all that stands in its shard about it. */
import * as z from 'zod'
import { failureCodes } from '../failure.ts'
import { ATTEMPT_STATES, LANES, OUTCOMES, QUARANTINE_STATES, STANDINGS } from '../states.ts'
import { structureSchema } from '../structure.ts'

const count = z.int().min(0)

/** One row of a cluster as a model sees it; `i` is its position, 0 is the seed. */
export const clusterMemberSchema = z.strictObject({
  i: count,
  standing: z.enum(STANDINGS),
  factId: z.string(),
  dupGroupId: z.string(),
  domain: z.string(),
  text: z.string(),
})

export const doneRecordSchema = z.strictObject({
  outcome: z.enum(OUTCOMES),
  attemptId: count.nullable(),
  runId: count,
})

export const attemptRecordSchema = z.strictObject({
  attemptId: count,
  clusterId: z.string(),
  runId: count,
  task: z.string(),
  taskVersion: count,
  lane: z.enum(LANES),
  provider: z.string(),
  model: z.string(),
  answeredBy: z.string().nullable(),
  state: z.enum(ATTEMPT_STATES),
  reusedAttemptId: count.nullable(),
  failureCode: z.enum(failureCodes).nullable(),
  finishReason: z.enum(['other', 'stop', 'length', 'content_filter', 'refusal']).nullable(),
  httpStatus: count.nullable(),
  requestId: z.string().nullable(),
  requestKey: z.string(),
  promptDigest: z.string(),
  schemaDigest: z.string(),
  verdict: z.enum(['ok', 'salvaged', 'bad']).nullable(),
  errorCodes: z.array(z.enum(failureCodes)).nullable(),
  promptTokens: count,
  cachedTokens: count,
  answerTokens: count,
  reservedMicroUsd: count,
  microUsd: count,
  latencyMs: z.number().nullable(),
  /** Word for word, also where another attempt's answer was served; null where none came. */
  answer: z.string().nullable(),
  isSuperseded: z.boolean(),
})

export const structureRecordSchema = z.strictObject({
  attemptId: count.nullable(),
  structure: structureSchema,
  salvaged: z.array(z.enum(failureCodes)),
  taskVersion: count,
  /** Version of PassM whose deltas are written; null: not yet. */
  materialisedVersion: count.nullable(),
})

export const deltaCountsSchema = z.strictObject({
  conceptId: z.string(),
  name: z.string(),
  members: count,
  edges: count,
  links: count,
})

/** One thing that is wrong with an answer, precise enough to quote to a model or to a person. */
export const findingSchema = z.strictObject({
  code: z.enum(failureCodes),
  /** A JSON path into the answer, such as `relations[2].dst_i`; empty where the whole answer is meant. */
  at: z.string(),
  message: z.string(),
  /** The relation type that it is about, where it is about one; cases are grouped by it. */
  relType: z.string().optional(),
})

export const caseRecordSchema = z.strictObject({
  state: z.enum(QUARANTINE_STATES),
  attemptId: count.nullable(),
  codes: z.array(z.enum(failureCodes)),
  signature: z.string(),
  findings: z.array(findingSchema),
  note: z.string(),
})

export const clusterRecordSchema = z.strictObject({
  members: z.array(clusterMemberSchema),
  /** null once it is done. */
  frontierState: z.enum(['todo', 'sweep']).nullable(),
  /** null while it is in the frontier. */
  done: doneRecordSchema.nullable(),
  /** In the order in which they were made. */
  attempts: z.array(attemptRecordSchema),
  structure: structureRecordSchema.nullable(),
  deltas: z.array(deltaCountsSchema),
  quarantine: caseRecordSchema.nullable(),
  clusterId: z.string(),
  seedFactId: z.string(),
  round: count,
  /** Decimal: a 64-bit integer does not fit a JSON number. */
  key: z.string(),
  domain: z.string(),
  isLone: z.boolean(),
})
