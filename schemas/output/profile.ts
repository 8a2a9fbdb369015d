/** Where the time went: `profile` of run and merge. */
import * as z from 'zod'

const count = z.int().min(0)

/** How often something was done and how long it took in all. */
const spanSchema = z.strictObject({
  name: z.string(),
  calls: count,
  ms: z.number(),
})

/** How many pieces of work shared a commit. */
const commitSizesSchema = z.strictObject({
  commits: count,
  entries: count,
  most: count,
})

export const profileSchema = z.strictObject({
  /** Threads, or shards worked on one after the other, that are added up here. */
  parts: count,
  /** From the start of each part to its end, added up. */
  ms: z.number(),
  /** In which the thread had something to do. */
  busyMs: z.number(),
  /** In which it had nothing to do but wait for answers that were under way. */
  waitingForModelMs: z.number(),
  /** What the thread did, the longest first. They do not overlap, and statements are within them. */
  passes: z.array(spanSchema),
  /** By their SQL, the longest first. */
  statements: z.array(spanSchema),
  /** What single requests waited for; many wait at once, so these add up to more than the time that went by. */
  waits: z.array(spanSchema),
  commits: commitSizesSchema,
  /** How late the thread came to what was due; of the part that was latest. */
  eventLoopDelay: z.strictObject({
    p50Ms: z.number(),
    p99Ms: z.number(),
    mostMs: z.number(),
  }),
})
