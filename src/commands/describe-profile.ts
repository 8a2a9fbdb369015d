/** The tables of `--profile`. */
import type { Profile, Span } from '../../schemas/profile.ts'
import { count } from '../language/counted.ts'
import { millis, perCent } from './format.ts'
import { table } from './table.ts'

const MOST_STATEMENTS = 15

export function describeProfile(profile: Profile): string {
  const { parts, ms, busyMs, waitingForModelMs, commits, eventLoopDelay, passes, statements, waits } = profile
  const idleMs = Math.max(0, ms - busyMs - waitingForModelMs)
  const perCommit = commits.commits === 0 ? '–' : (commits.entries / commits.commits).toFixed(1)
  const { p50Ms, p99Ms, mostMs } = eventLoopDelay
  return [
    `profile of ${parts} ${parts === 1 ? 'part' : 'parts'}, ${millis(ms)} in all:`,
    `  busy ${perCent(busyMs, ms)}, waiting for the model ${perCent(waitingForModelMs, ms)}, for anything else ${perCent(idleMs, ms)}`,
    ...(commits.commits === 0
      ? []
      : [`  commits ${count(commits.commits)}, ${perCommit} entries each, at most ${count(commits.most)}`]),
    `  event loop late by ${p50Ms.toFixed(1)} ms at the median, ${p99Ms.toFixed(1)} ms at the 99th percentile, ${mostMs.toFixed(1)} ms at most`,
    ...part('pass', passes, ms),
    ...part('a request waits for', waits, null),
    ...part('statement', statements.slice(0, MOST_STATEMENTS), ms),
  ].join('\n')
}

/** @param ofMs what the shares are of; null where they would say nothing */
function part(heading: string, spans: readonly Span[], ofMs: number | null): string[] {
  if (spans.length === 0) return []
  const columns = [
    { heading: 'calls', isNumber: true },
    { heading: 'time', isNumber: true },
    { heading: 'each', isNumber: true },
    ...(ofMs === null ? [] : [{ heading: 'share', isNumber: true }]),
    { heading },
  ]
  const rows = spans.map(({ name, calls, ms }) => [
    count(calls),
    millis(ms),
    `${((1_000 * ms) / calls).toFixed(1)} µs`,
    ...(ofMs === null ? [] : [perCent(ms, ofMs)]),
    name,
  ])
  return ['', table(columns, rows)]
}
