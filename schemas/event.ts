/** What commands tell programs on the way: with --json an object a line on stderr; the result comes on stdout. */
import * as z from 'zod'

const count = z.int().min(0)
const share = z.number().min(0).max(1)

export const commandEventSchema = z.discriminatedUnion('event', [
  /** Shards are held, work begins. */
  z.strictObject({
    event: z.literal('launch'),
    run_tag: z.string(),
    threads: z.int().min(1),
    shards: z.array(z.int().min(0)),
    todo: count,
    cap_micro_usd: count.nullable(),
  }),
  /** Every few seconds: what this process has done since it began. */
  z.strictObject({
    event: z.literal('progress'),
    done: count,
    todo: count,
    ok: count,
    quarantined: count,
    /** Of what is done; null before anything is. */
    ok_rate: share.nullable(),
    clusters_per_second: z.number().min(0),
    micro_usd: count,
    cap_micro_usd: count.nullable(),
    /** At the rate of the last half minute; null where nobody can tell. */
    left_ms: count.nullable(),
    paused: z.boolean(),
    active_shards: z.array(z.int().min(0)),
  }),
  /** Every few seconds, in a command of several steps: how much of one is done. */
  z.strictObject({ event: z.literal('step'), step: z.string(), done: count, total: count.nullable() }),
  /** What a gate made of a field. */
  z.strictObject({
    event: z.literal('gate'),
    name: z.string(),
    severity: z.string(),
    /** null where there was nothing to measure. */
    passed: z.boolean().nullable(),
    overridden: z.boolean(),
  }),
  z.strictObject({ event: z.literal('done'), command: z.string(), exit_code: z.int().min(0) }),
  /** What a person would have been told. */
  z.strictObject({ event: z.literal('note'), text: z.string() }),
])
export type CommandEvent = z.infer<typeof commandEventSchema>
