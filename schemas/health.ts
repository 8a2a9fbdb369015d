/** `health.json`: what a field is made of, how the run went, and how both stand against the field before. */
import * as z from 'zod'
import { gateVerdictSchema } from './gate.ts'

const count = z.int().min(0)
/** A share in millionths; null where the whole is nothing. */
const millionths = z.int().min(0).nullable()

export const runMetricsSchema = z.strictObject({
  /** Clusters with an outcome, without the lone ones that the built-in rules answered. */
  attempted: count,
  ok: count,
  quarantined: count,
  lone_by_rules: count,
  salvaged: count,
  repaired: count,
  expensive: count,
  ok_rate_millionths: millionths,
  salvage_rate_millionths: millionths,
  repair_rate_millionths: millionths,
  expensive_rate_millionths: millionths,
  attempts: count,
  unknown_attempts: count,
  micro_usd: count,
  /** Of what was spent, for each thousand clusters that became ok; null where none did. */
  micro_usd_per_1000_ok: count.nullable(),
  /** Most frequent first, then by code. */
  error_codes: z.array(z.strictObject({ code: z.string(), attempts: count })),
  /** Of answers that were truly asked for; by model. */
  latency: z.array(z.strictObject({ model: z.string(), answers: count, p50_ms: count, p95_ms: count })),
})
export type RunMetrics = z.infer<typeof runMetricsSchema>

export const runHealthSchema = z.strictObject({
  /** Everything in the shard files, over all runs. */
  all: runMetricsSchema,
  /** The run with the highest number that decided a cluster. */
  last_run: runMetricsSchema.extend({ run_id: z.int() }).nullable(),
  /** Which of the two the gates look at. */
  judged: z.enum(['all', 'last_run']),
})
export type RunHealth = z.infer<typeof runHealthSchema>

const relationTypes = z.array(z.strictObject({ rel_type: z.string(), edges: count }))

export const fieldMetricsSchema = z.strictObject({
  concepts: count,
  aliases: count,
  members: count,
  facts: count,
  fact_edges: count,
  edges: count,
  /** Clusters that support the field. */
  seeds: count,
  /** Ascending by type. */
  fact_relation_types: relationTypes,
  edge_relation_types: relationTypes,
  links: z.strictObject({
    scored: count,
    kept: count,
    flagged: count,
    keep_rate_millionths: millionths,
    flagged_rate_millionths: millionths,
    drop_reasons: z.array(z.strictObject({ reason: z.string(), links: count })),
    flags: z.array(z.strictObject({ flag: z.string(), links: count })),
  }),
  /** Concepts without an edge to another concept. */
  lone_concepts: count,
  largest_component: count,
  components: count,
  /** Concepts with at least so many edges, for powers of two: what the tail looks like. */
  degree_tail: z.array(z.strictObject({ at_least: count, concepts: count })),
  /** How many concepts are made of so many names that PassM' united; groups of one are left out. */
  alias_groups: z.array(z.strictObject({ size: count, concepts: count })),
  vetoed_merges: count,
})
export type FieldMetrics = z.infer<typeof fieldMetricsSchema>

export const againstBaseSchema = z.strictObject({
  base_tag: z.string(),
  concepts: z.int(),
  aliases: z.int(),
  members: z.int(),
  facts: z.int(),
  fact_edges: z.int(),
  edges: z.int(),
  seeds: z.int(),
  /** Jensen-Shannon divergence, base 2, in millionths of a bit; null where one of the two has no edge. */
  fact_relation_shift_millionths: millionths,
  edge_relation_shift_millionths: millionths,
  superseded: z.array(z.strictObject({ reason: z.string(), clusters: count })),
  /** Losses that no retired or reopened cluster explains, as a share of the base. */
  concepts_shrunk_millionths: millionths,
  facts_shrunk_millionths: millionths,
})
export type AgainstBase = z.infer<typeof againstBaseSchema>

export const healthSchema = z.strictObject({
  format: z.literal(1),
  field_tag: z.string(),
  run: runHealthSchema,
  field: fieldMetricsSchema,
  against_base: againstBaseSchema.nullable(),
  /** Keep rates of the fields before, newest first, at most five. */
  past_keep_rates_millionths: z.array(z.int()),
  gates: z.array(gateVerdictSchema),
})
export type Health = z.infer<typeof healthSchema>

/**
 * What one shard file says of its clusters and attempts, so that many can be added up: the sums of two tallies are
 * the tally of both. Latencies are a histogram, since percentiles do not add.
 */
export interface RunTally {
  readonly ok: number
  readonly quarantined: number
  readonly loneByRules: number
  readonly salvaged: number
  readonly repaired: number
  readonly expensive: number
  readonly attempts: number
  readonly unknownAttempts: number
  readonly microUsd: number
  readonly errorCodes: readonly { readonly code: string; readonly attempts: number }[]
  readonly latencies: readonly { readonly model: string; readonly ms: number; readonly answers: number }[]
}
