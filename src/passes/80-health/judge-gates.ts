import { RffError } from '../../../schemas/failure.ts'
import {
  GATES,
  type GateName,
  type GateSettings,
  type GateVerdict,
  gateNames,
} from '../../../schemas/gate.ts'
import type { Health, RunMetrics } from '../../../schemas/health.ts'
import { millionthsOf } from './millionths.ts'

type Measured = Omit<Health, 'gates'>

/**
 * Every gate's verdict on a field, in the order of the list. A gate that has nothing to measure is passed.
 *
 * @throws RffError config_invalid for settings of a gate that does not exist
 */
export function judgeGates(health: Measured, settings: GateSettings): GateVerdict[] {
  refuseUnknown(Object.keys(settings), 'config_invalid')
  return gateNames.map((name) => {
    const gate = GATES[name]
    const { severity = gate.severity, limit } = settings[name] ?? {}
    const limit_millionths = limit === undefined ? gate.limitMillionths : millionthsOf(limit, 1)!
    const observed_millionths = OBSERVE[name](health)
    return {
      name,
      severity,
      metric: gate.metric,
      unit: gate.unit,
      bound: gate.bound,
      limit_millionths,
      observed_millionths,
      passed: observed_millionths === null || isWithin(gate.bound, observed_millionths, limit_millionths),
      hint: gate.hint,
    }
  })
}

/** @throws RffError usage or config_invalid, with the names that exist */
export function refuseUnknown(names: readonly string[], code: 'usage' | 'config_invalid'): void {
  const unknown = names.filter((name) => !(gateNames as readonly string[]).includes(name))
  if (unknown.length === 0) return
  throw new RffError(code, `there is no gate ${unknown.join(', ')}; the gates are ${gateNames.join(', ')}`)
}

const isWithin = (bound: GateVerdict['bound'], observed: number, limit: number): boolean =>
  bound === 'at_least' ? observed >= limit : observed <= limit

const OBSERVE: Record<GateName, (health: Measured) => number | null> = {
  ok_rate: (health) => judgedRun(health).ok_rate_millionths,
  salvage_rate: (health) => judgedRun(health).salvage_rate_millionths,
  keep_rate: ({ field, past_keep_rates_millionths }) => {
    const usual = median(past_keep_rates_millionths)
    const rate = field.links.keep_rate_millionths
    return usual === null || rate === null ? null : millionthsOf(rate, usual)
  },
  flagged_rate: ({ field }) => field.links.flagged_rate_millionths,
  field_shrinks: ({ against_base }) =>
    largest([against_base?.concepts_shrunk_millionths, against_base?.facts_shrunk_millionths]),
  relation_shift: relationShift,
  relation_shift_severe: relationShift,
}

const judgedRun = ({ run }: Measured): RunMetrics =>
  run.judged === 'last_run' && run.last_run !== null ? run.last_run : run.all

function relationShift({ against_base }: Measured): number | null {
  return largest([against_base?.fact_relation_shift_millionths, against_base?.edge_relation_shift_millionths])
}

function largest(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => typeof value === 'number')
  return known.length === 0 ? null : Math.max(...known)
}

/** Of an even number of values the lower of the two in the middle. */
function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}
