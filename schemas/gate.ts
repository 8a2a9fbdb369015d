/** Conditions that a field must meet before it is published, their defaults, and the verdict on one field. */
import * as z from 'zod'
import { gateSeverities } from './config.ts'

/** info is only shown, warn is shown first, block keeps the field from being published. */
const gateSeveritySchema = z.enum(gateSeverities)
export type GateSeverity = z.infer<typeof gateSeveritySchema>

export const GATE_UNITS = ['share', 'bits'] as const
export type GateUnit = (typeof GATE_UNITS)[number]

interface GateDefinition {
  readonly severity: GateSeverity
  /** What is measured; every metric of a gate is an integer in millionths of its unit. */
  readonly metric: string
  readonly unit: GateUnit
  /** Whether the observed value must be at least the limit, or at most. */
  readonly bound: 'at_least' | 'at_most'
  readonly limitMillionths: number
  readonly hint: string
}

const MILLION = 1_000_000

export const GATES = {
  ok_rate: {
    severity: 'block',
    metric: 'clusters structured of those attempted, quarantined ones included, lone ones by rules left out',
    unit: 'share',
    bound: 'at_least',
    limitMillionths: 980_000,
    hint: 'read review.md: a few signatures usually make most of the quarantine; retry them, then merge again',
  },
  salvage_rate: {
    severity: 'warn',
    metric: 'structures that only salvage made valid, of all structures',
    unit: 'share',
    bound: 'at_most',
    limitMillionths: 200_000,
    hint: 'a gate passed by salvage is not quality: look at the error codes and mend the prompt',
  },
  keep_rate: {
    severity: 'block',
    metric: 'cross links kept of those scored, as a share of the median of the last five fields',
    unit: 'share',
    bound: 'at_least',
    limitMillionths: MILLION / 2,
    hint: 'compare the drop reasons with the field before: names or thresholds have changed',
  },
  flagged_rate: {
    severity: 'warn',
    metric: 'kept cross links that the audit finds suspicious, of all kept',
    unit: 'share',
    bound: 'at_most',
    limitMillionths: 150_000,
    hint: "read the flagged links: SELECT * FROM links_scored WHERE is_kept = 1 AND flags <> '[]'",
  },
  field_shrinks: {
    severity: 'block',
    metric: 'concepts or facts lost against the field before, beyond what was retired or is being done again',
    unit: 'share',
    bound: 'at_most',
    limitMillionths: 10_000,
    hint: 'read the table superseded; if the loss is wanted, publish with --override-gate field_shrinks',
  },
  relation_shift: {
    severity: 'warn',
    metric: 'Jensen-Shannon divergence of the relation types to those of the field before',
    unit: 'bits',
    bound: 'at_most',
    limitMillionths: 50_000,
    hint: 'compare the relation types in health.md: another model, prompt or kind of facts speaks here',
  },
  relation_shift_severe: {
    severity: 'block',
    metric: 'Jensen-Shannon divergence of the relation types to those of the field before',
    unit: 'bits',
    bound: 'at_most',
    limitMillionths: 250_000,
    hint: 'compare the relation types in health.md; if the change is wanted, override this gate once',
  },
} as const satisfies Record<string, GateDefinition>

export type GateName = keyof typeof GATES
export const gateNames = Object.keys(GATES) as GateName[]

/** What a user changes of the defaults, by the gate's name; `limit` is a share or in bits, not in millionths. */
export type GateSettings = Readonly<
  Record<
    string,
    { readonly severity?: GateSeverity | undefined; readonly limit?: number | undefined } | undefined
  >
>

/** One gate's verdict on one field. `observed` is null where there was nothing to measure: such a gate is passed. */
export const gateVerdictSchema = z.strictObject({
  name: z.string(),
  severity: gateSeveritySchema,
  metric: z.string(),
  unit: z.enum(GATE_UNITS),
  bound: z.enum(['at_least', 'at_most']),
  limit_millionths: z.int(),
  observed_millionths: z.int().nullable(),
  passed: z.boolean(),
  hint: z.string(),
})
export type GateVerdict = z.infer<typeof gateVerdictSchema>
