/** What replay prints. */
import * as z from 'zod'
import { failureCodes } from '../failure.ts'
import { document } from './output.ts'
import { heldShardSchema, unreadableShardSchema } from './trouble.ts'

const count = z.int().min(0)

export const replayCountsSchema = z.strictObject({
  newly_ok: count,
  newly_bad: count,
  structure_differs: count,
  /** In quarantine as before, for other reasons. */
  findings_differ: count,
  unchanged: count,
  /** By today's policy a lane would have to be asked first; they stay as they are. */
  not_enough: count,
  /** A person accepted the gap, or wrote the structure. */
  decided_by_person: count,
})

/** How often a code went or came with a change. A cluster counts once for each of its codes. */
export const replayedCodeSchema = z.strictObject({
  change: z.enum(['newly_ok', 'newly_bad', 'structure_differs', 'findings_differ', 'not_enough']),
  code: z.enum(failureCodes),
  /** Clusters of which it was said before and is not today, and the other way round. */
  gone: count,
  come: count,
})

export const replaySampleSchema = z.strictObject({
  change: z.enum(['newly_ok', 'newly_bad', 'structure_differs', 'findings_differ', 'not_enough']),
  clusterId: z.string(),
  shardNo: count,
  before: z.array(z.enum(failureCodes)),
  after: z.array(z.enum(failureCodes)),
  differsIn: z.array(z.string()),
})

export const replaySchema = z.strictObject({
  taskVersion: count,
  isApplied: z.boolean(),
  /** Shards that were skipped because somebody works on them; only where it was to be applied. */
  held: z.array(heldShardSchema),
  unreadable: z.array(unreadableShardSchema),
  counts: replayCountsSchema,
  /** By change, then by code. */
  codes: z.array(replayedCodeSchema),
  /** At most SAMPLES of each change, ascending by id. */
  samples: z.array(replaySampleSchema),
})

export const replayOutputs = {
  replay: document(replaySchema),
}
