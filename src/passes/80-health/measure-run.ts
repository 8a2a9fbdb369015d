import type { RunMetrics, RunTally } from '../../../schemas/health.ts'
import { millionthsOf } from './millionths.ts'
import { percentile } from './percentile.ts'

type Counter = { [K in keyof RunTally]: RunTally[K] extends number ? K : never }[keyof RunTally]

/** The rates of a run over all its shards; the order of the tallies makes no difference. */
export function measureRun(tallies: readonly RunTally[]): RunMetrics {
  const sum = (counter: Counter): number => tallies.reduce((total, tally) => total + tally[counter], 0)
  const [ok, quarantined, microUsd] = [sum('ok'), sum('quarantined'), sum('microUsd')]
  const attempted = ok + quarantined
  return {
    attempted,
    ok,
    quarantined,
    lone_by_rules: sum('loneByRules'),
    salvaged: sum('salvaged'),
    repaired: sum('repaired'),
    expensive: sum('expensive'),
    ok_rate_millionths: millionthsOf(ok, attempted),
    salvage_rate_millionths: millionthsOf(sum('salvaged'), ok),
    repair_rate_millionths: millionthsOf(sum('repaired'), attempted),
    expensive_rate_millionths: millionthsOf(sum('expensive'), attempted),
    attempts: sum('attempts'),
    unknown_attempts: sum('unknownAttempts'),
    micro_usd: microUsd,
    micro_usd_per_1000_ok: ok === 0 ? null : Math.round((microUsd * 1_000) / ok),
    error_codes: uniteCodes(tallies),
    latency: uniteLatencies(tallies),
  }
}

function uniteCodes(tallies: readonly RunTally[]): RunMetrics['error_codes'] {
  const counts = new Map<string, number>()
  for (const { errorCodes } of tallies)
    for (const { code, attempts } of errorCodes) counts.set(code, (counts.get(code) ?? 0) + attempts)
  return [...counts]
    .map(([code, attempts]) => ({ code, attempts }))
    .sort((a, b) => b.attempts - a.attempts || (a.code < b.code ? -1 : 1))
}

function uniteLatencies(tallies: readonly RunTally[]): RunMetrics['latency'] {
  const models = new Map<string, Map<number, number>>()
  for (const { latencies } of tallies) {
    for (const { model, ms, answers } of latencies) {
      const histogram = models.get(model) ?? new Map<number, number>()
      models.set(model, histogram.set(ms, (histogram.get(ms) ?? 0) + answers))
    }
  }
  return [...models]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([model, histogram]) => {
      const bars = [...histogram]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => a.value - b.value)
      return {
        model,
        answers: bars.reduce((sum, { count }) => sum + count, 0),
        p50_ms: percentile(bars, 50),
        p95_ms: percentile(bars, 95),
      }
    })
}
