/** The processes of a run and what is left of its budget, for a reader. */
import type { Caps, Cost } from '../../schemas/budget.ts'
import type { SteeredRun } from '../../schemas/steering.ts'
import type { RunBudget } from '../control/steer/set-caps.ts'
import type { SteeredProcess } from '../control/steer/steer-runs.ts'
import { count, plural } from '../language/counted.ts'
import { dollars, millis } from './format.ts'
import { table } from './table.ts'

export function describeSteered(
  processes: readonly SteeredProcess[],
  budget: RunBudget | null,
  nowMs: number,
): string {
  const running = processes.flatMap(({ reply }) => (reply.ok ? [reply.run] : []))
  const silent = processes.flatMap(({ pid, reply }) =>
    reply.ok ? [] : [`process ${pid}: ${reply.code}: ${reply.message}`],
  )
  return [
    processes.length === 0 ? 'no process runs on this workspace' : processTable(running, nowMs),
    ...silent,
    budget === null ? 'no run is open' : `run ${budget.runTag}: ${describeBudget(budget)}`,
  ].join('\n')
}

const NUMBERS = ['in flight', 'threads', 'shards', 'done', 'ok', 'quarantined', 'spent']
const COLUMNS = [
  { heading: 'process' },
  { heading: 'is' },
  { heading: 'for' },
  ...NUMBERS.map((heading) => ({ heading, isNumber: true })),
]

const processTable = (running: readonly SteeredRun[], nowMs: number): string =>
  table(
    COLUMNS,
    running.map((run) => [
      String(run.pid),
      run.paused ? 'paused' : 'running',
      millis(Math.max(0, nowMs - run.started_at_ms)),
      `≤ ${run.in_flight_per_thread} a thread`,
      ...[run.threads, run.shards.length, run.done, run.ok, run.quarantined].map(count),
      dollars(run.micro_usd),
    ]),
  )

function describeBudget({ caps, granted }: RunBudget): string {
  const parts = [
    part(caps, granted, 'microUsd', dollars),
    part(caps, granted, 'tokens', (n) => plural(n, 'token')),
    part(caps, granted, 'calls', (n) => plural(n, 'call')),
  ].flatMap((one) => one ?? [])
  return parts.length === 0 ? 'no cap' : parts.join(', ')
}

function part(caps: Caps, granted: Cost, kind: keyof Cost, say: (n: number) => string): string | null {
  const cap = caps[kind]
  if (cap === null) return null
  const above = granted[kind] > cap ? '; nothing new is granted until it is below' : ''
  return `cap ${say(cap)}, ${say(granted[kind])} granted to shards${above}`
}
