/** What run prints. */
import * as z from 'zod'
import { document } from './output.ts'
import { profileSchema } from './profile.ts'
import { failureSchema, heldShardSchema } from './trouble.ts'

const count = z.int().min(0)

const shardCountsSchema = z.strictObject({
  ok: count,
  salvaged: count,
  quarantined: count,
  /** Left in the frontier because no answer could be had. */
  unanswered: count,
  asked: count,
  reused: count,
  microUsd: count,
})

const grantSchema = z.strictObject({
  grantId: count,
  microUsd: count,
  tokens: count,
  calls: count,
})

const shardSummarySchema = z.strictObject({
  shardNo: count,
  counts: shardCountsSchema,
  /** Why the shard stopped before its frontier was empty; null where it did not. */
  stop: failureSchema.nullable(),
  /** When it is worth working on the shard again, where time alone will help; null where nobody knows. */
  comeBackAtMs: z.number().nullable(),
  /** Grants with what was used of them, to be credited. */
  returned: z.array(grantSchema),
  /** Only where the job asked for it. */
  profile: profileSchema.optional(),
})

/** What one `run` did, over all shards that it worked on. */
export const runSummarySchema = z.strictObject({
  runId: count,
  runTag: z.string(),
  isClosed: z.boolean(),
  shards: z.array(shardSummarySchema),
  counts: shardCountsSchema,
  /** Shards that somebody else works on. */
  held: z.array(heldShardSchema),
  /** Why the run stopped early, the weightiest reason of all; null where it did not. */
  stop: failureSchema.nullable(),
  /** When the same command is worth giving again, where time alone will help; null where nobody knows. */
  comeBackAtMs: z.number().nullable(),
  /** Clusters that wait for the last sweep, over all shards. */
  waiting: count,
  todo: count,
  /** Where the time went, over all shards; null unless it was asked for. */
  profile: profileSchema.nullable(),
})

const detachedSchema = z.strictObject({
  pid: z.int().positive(),
  /** What it says stands there. */
  log: z.string(),
  /** Where it ended at once; null where it runs on. */
  exit_code: count.nullable(),
})

export const runOutputs = {
  run: document(runSummarySchema),
  'run --detach': document(detachedSchema),
}
