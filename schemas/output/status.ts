/** What status prints. */
import * as z from 'zod'
import { RUN_STATES } from '../states.ts'
import { document, lines } from './output.ts'
import { failureSchema } from './trouble.ts'

const count = z.int().min(0)

/** All null but `trouble` where the pointer or the manifest behind it cannot be read. */
export const currentFieldSchema = z.strictObject({
  fieldTag: z.string().nullable(),
  fieldDigest: z.string().nullable(),
  isComplete: z.boolean().nullable(),
  trouble: failureSchema.nullable(),
})

export const shardCensusSchema = z.strictObject({
  seeds: count,
  /** In the frontier, the sweep included. */
  todo: count,
  /** Of `todo`: primary and repair are used up. */
  sweep: count,
  ok: count,
  quarantined: count,
  /** seeds - todo - ok - quarantined: anything but 0 is a fault. */
  difference: z.int(),
  /** Requests whose end is not in the books. */
  openAttempts: count,
  answers: count,
  /** What nobody has settled counts at its worst case. */
  microUsd: count,
  /** Structures whose deltas are not written yet. */
  unmaterialised: count,
})

export const shardStatusSchema = z.strictObject({
  shardNo: count,
  /** null where the file cannot be read. */
  census: shardCensusSchema.nullable(),
  /** Who holds the lease; null where nobody does. */
  holder: z.string().nullable(),
  /** Whether the holder's process is there still; the shard of a dead one is taken over by the next run. */
  isHolderAlive: z.boolean(),
  /** What is wrong with the file; null where nothing is. */
  trouble: failureSchema.nullable(),
})

export const statusSchema = z.strictObject({
  workspace: z.string(),
  plan: z
    .strictObject({
      planNo: count,
      state: z.string(),
    })
    .nullable(),
  /** The open run, or the last one. */
  run: z
    .strictObject({
      runId: count,
      runTag: z.string(),
      state: z.enum(RUN_STATES),
      settings: z.unknown(),
    })
    .nullable(),
  /** What MERGED points at. */
  field: currentFieldSchema.nullable(),
  shards: z.array(shardStatusSchema),
  /** Over the shards that can be read. */
  totals: shardCensusSchema,
  /** Who plans or merges, if anybody does. */
  otherLeases: z.array(
    z.strictObject({
      scope: z.string(),
      holder: z.string(),
    }),
  ),
  unreadableShards: count,
})

export const windowStateSchema = z.strictObject({
  usedTokens: count,
  startsAtMs: z.number(),
  /** When the next one opens. */
  endsAtMs: z.number(),
  /** All that the provider gives. */
  tokens: count,
  /** The part of it that runs may use. */
  allowedTokens: z.number(),
})

export const watchedSchema = z.strictObject({
  done: count,
  of: count,
  perSecond: z.number(),
  /** At the rate of the last half minute; null where nothing moves or nothing is left. */
  leftMs: z.number().nullable(),
})

const statusWithWindow = statusSchema.extend({
  /** Of a provider that sells time in windows; null where the settings name none. */
  window: windowStateSchema.nullable(),
})

export const statusOutputs = {
  status: document(statusWithWindow),
  'status --watch': lines(
    statusWithWindow.extend({
      watched: watchedSchema,
    }),
  ),
}
