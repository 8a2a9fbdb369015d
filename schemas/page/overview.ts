/** What the page is told of runs and shards. */
import * as z from 'zod'
import { gateVerdictSchema } from '../gate.ts'
import { RUN_STATES } from '../states.ts'
import { troubleSchema } from './trouble.ts'

const count = z.int().min(0)

/** Where the clusters of one shard, or of all, stand, and what they cost. */
const censusSchema = z.strictObject({
  seeds: count,
  todo: count,
  sweep: count,
  ok: count,
  quarantined: count,
  inFlight: count,
  microUsd: count,
})

export const shardTileSchema = z.strictObject({
  shardNo: count,
  /** null where the file cannot be read. */
  census: censusSchema.nullable(),
  /** Clusters decided a second, over the last minute that somebody looked; null where nothing moved. */
  clustersPerSecond: z.number().nullable(),
  holder: z.string().nullable(),
  isHolderAlive: z.boolean(),
  trouble: troubleSchema.nullable(),
})
export type ShardTile = z.infer<typeof shardTileSchema>

export const runRowSchema = z.strictObject({
  runId: count,
  runTag: z.string(),
  state: z.enum(RUN_STATES),
  model: z.string(),
  createdAtMs: z.int(),
  closedAtMs: z.int().nullable(),
  capMicroUsd: count.nullable(),
  capTokens: count.nullable(),
  capCalls: count.nullable(),
})
export type RunLine = z.infer<typeof runRowSchema>

const alertSchema = z.strictObject({
  level: z.enum(['trouble', 'look']),
  /** One sentence: what is so. */
  title: z.string(),
  /** What to do about it. */
  hint: z.string(),
  /** Part of the page that shows more. */
  view: z.string().nullable(),
})
export type PageAlert = z.infer<typeof alertSchema>

export const overviewSchema = z.strictObject({
  workspace: z.string(),
  version: z.string(),
  atMs: z.int(),
  plan: z.strictObject({ planNo: count, state: z.string() }).nullable(),
  run: runRowSchema
    .extend({
      /** As its manifest says: running, stopped or closed; null where none was written yet. */
      told: z.string().nullable(),
      stop: troubleSchema.nullable(),
      isWorkedOn: z.boolean(),
      spentMicroUsd: count,
      spentTokens: count,
      spentCalls: count,
    })
    .nullable(),
  totals: z.strictObject({
    ...censusSchema.shape,
    /** Seeds that are in no state: anything but 0 is a fault. */
    difference: z.int(),
  }),
  clustersPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  /** Oldest first: what was done and spent while somebody looked, for a curve. */
  history: z.array(z.strictObject({ atMs: z.int(), done: count, microUsd: count })),
  shards: z.array(shardTileSchema),
  field: z
    .strictObject({
      fieldTag: z.string(),
      fieldDigest: z.string(),
      isComplete: z.boolean(),
      concepts: count,
      members: count,
      edges: count,
    })
    .nullable(),
  gates: z.array(gateVerdictSchema),
  loop: z.strictObject({
    state: z.string(),
    reason: z.string().nullable(),
    strikes: count,
    iteration: z.strictObject({ iterationNo: count, state: z.string(), step: z.string() }).nullable(),
  }),
  otherLeases: z.array(z.strictObject({ scope: z.string(), holder: z.string() })),
  alerts: z.array(alertSchema),
})
export type Overview = z.infer<typeof overviewSchema>

export const runsSchema = z.strictObject({
  /** Newest first. */
  runs: z.array(runRowSchema),
  /** Where the next page goes on; null at the end. */
  before: count.nullable(),
})
export type Runs = z.infer<typeof runsSchema>
