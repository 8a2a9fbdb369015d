/** How a run that is going on is steered: `rff-shard ctl` asks, each process of the run answers on its socket. */
import * as z from 'zod'

/** What one process of a run is told about its pace. */
export interface Steering {
  /** No new cluster is begun; what is in flight is finished. */
  readonly isPaused: boolean
  /** Most requests in flight per thread, at least 1. */
  readonly inFlight: number
}

export const MOST_IN_FLIGHT = 4_096

export const steeringRequestSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('status') }),
  z.strictObject({ verb: z.literal('pause') }),
  z.strictObject({ verb: z.literal('resume') }),
  z.strictObject({ verb: z.literal('set'), inFlight: z.int().min(1).max(MOST_IN_FLIGHT) }),
])
export type SteeringRequest = z.infer<typeof steeringRequestSchema>

const count = z.int().min(0)

/** How far one process is, in what it has done itself. */
export const steeredRunSchema = z.strictObject({
  pid: z.int().positive(),
  run_tag: z.string(),
  started_at_ms: z.number(),
  paused: z.boolean(),
  in_flight_per_thread: z.int().min(1),
  threads: z.int().min(1),
  /** Shards that it holds, by number. */
  shards: z.array(z.int().min(0)),
  done: count,
  ok: count,
  quarantined: count,
  asked: count,
  micro_usd: count,
})
export type SteeredRun = z.infer<typeof steeredRunSchema>

export const steeringReplySchema = z.union([
  z.strictObject({ ok: z.literal(true), run: steeredRunSchema }),
  z.strictObject({ ok: z.literal(false), code: z.string(), message: z.string() }),
])
export type SteeringReply = z.infer<typeof steeringReplySchema>
