/**
 * A run that goes on by itself once what stopped it is over: a batch that has ended, a window that has opened, a server
 * that is back.
 *
 * Between two goes it holds no lease, so others may take what is free; each go joins the open run like any process.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../../../schemas/config.ts'
import { type Failure, RffError } from '../../../schemas/failure.ts'
import { sumProfiles } from '../../../schemas/profile.ts'
import { openLanes } from '../../runner/lanes.ts'
import type { Workspace } from '../workspace.ts'
import { run } from './run.ts'
import type { RunOptions } from './run-options.ts'
import type { RunSummary } from './run-summary.ts'
import { sumCounts } from './tally-progress.ts'

export interface Patience {
  readonly nowMs: () => number
  /** The longest time to wait in all; 0: not at all. */
  readonly longestWaitMs: number
  readonly onWait?: (wait: Wait) => void
}

export interface Wait {
  readonly stop: Failure
  readonly untilMs: number
}

/** Others who hold the shards are given so long before the next look. */
const LOOK_AGAIN_MS = 30_000
const LONGEST_PROBE_MS = 600_000
/** So often a sleeper looks at the clock, which may have been set. */
const LOOK_AT_CLOCK_MS = 60_000

/** @throws RffError as run does */
export async function runPatiently(
  workspace: Workspace,
  config: Config,
  options: RunOptions,
  patience: Patience,
): Promise<RunSummary> {
  const { nowMs, longestWaitMs } = patience
  let patienceMs = longestWaitMs
  let sum = await run(workspace, config, options, nowMs)
  // Not even where it is time already: who does not wait wants to hear how things stand.
  if (longestWaitMs === 0) return sum
  let probes = 0
  for (;;) {
    const wait = waitFor(sum, nowMs(), config.run.circuitOpenMs * 2 ** Math.min(probes, 10))
    if (wait === null || wait.untilMs - nowMs() > patienceMs || options.signal?.aborted) return sum
    patience.onWait?.(wait)
    patienceMs -= await sleepUntil(wait.untilMs, nowMs, options.signal)
    if (options.signal?.aborted) return sum
    if (wait.stop.code === 'systemic_failure' && !(await isServerThere(config, options))) {
      probes += 1
      continue
    }
    const again = { ...options, isNew: false, limit: limitLeft(options, sum) }
    const next = await goOn(sum, () => run(workspace, config, again, nowMs), nowMs)
    const isStuck = next.counts.asked + next.counts.ok === 0
    probes = isStuck && next.stop?.code === 'systemic_failure' ? probes + 1 : 0
    sum = {
      ...next,
      shards: [...sum.shards, ...next.shards],
      counts: sumCounts([sum.counts, next.counts]),
      profile: sumProfiles([sum, next].flatMap(({ profile }) => profile ?? [])),
    }
  }
}

/** Time helps these; a spent budget too, where another shard has batches under way that give back what they leave over. */
const TIMELY: ReadonlySet<Failure['code']> = new Set([
  'batches_pending',
  'window_exhausted',
  'lock_held',
  'budget_spent',
])

/** @returns null where waiting helps nothing */
function waitFor({ stop, comeBackAtMs }: RunSummary, nowMs: number, probeInMs: number): Wait | null {
  if (stop === null) return null
  if (stop.code === 'systemic_failure') {
    return { stop, untilMs: nowMs + Math.min(LONGEST_PROBE_MS, probeInMs) }
  }
  return TIMELY.has(stop.code) && comeBackAtMs !== null ? { stop, untilMs: comeBackAtMs } : null
}

/** Somebody else may have taken every shard meanwhile: then it is theirs to finish, and worth looking at again. */
async function goOn(
  before: RunSummary,
  deed: () => Promise<RunSummary>,
  nowMs: () => number,
): Promise<RunSummary> {
  try {
    return await deed()
  } catch (cause) {
    if (!(cause instanceof RffError) || cause.code !== 'lock_held') throw cause
    const stop = { code: cause.code, message: cause.message }
    return { ...before, shards: [], counts: sumCounts([]), stop, comeBackAtMs: nowMs() + LOOK_AGAIN_MS }
  }
}

const limitLeft = ({ limit }: RunOptions, { counts }: RunSummary): number | null =>
  limit === null ? null : Math.max(1, limit - counts.ok - counts.quarantined)

async function isServerThere(config: Config, { env }: RunOptions): Promise<boolean> {
  const { provider } = (await openLanes(config, env, {})).asked.primary
  return provider.kind === 'local' || provider.probe(AbortSignal.timeout(config.run.deadlineMs))
}

/**
 * Until the clock says so, or for as long as it would have taken when it was asked: a clock that is set back makes nobody
 * sleep longer. Who wakes too early for a window is told so by the window.
 *
 * @returns how long it slept
 */
async function sleepUntil(atMs: number, nowMs: () => number, signal?: AbortSignal): Promise<number> {
  const beganAt = performance.now()
  const wakesAt = beganAt + atMs - nowMs()
  const leftMs = (): number => Math.min(atMs - nowMs(), wakesAt - performance.now())
  try {
    while (leftMs() > 0)
      await sleep(Math.min(leftMs(), LOOK_AT_CLOCK_MS), undefined, signal === undefined ? {} : { signal })
  } catch (cause) {
    if (!signal?.aborted) throw cause
  }
  return performance.now() - beganAt
}
