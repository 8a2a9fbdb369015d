/**
 * run: every cluster of the frontier goes through its model task; one shard is one task of one thread.
 *
 * The host touches no rows of a shard: it hands out shards with a lease and gets counts back. Several processes may
 * run at once; each takes the shards that are free.
 */
import { controlGrantQueries } from '../../../db/queries/control-grants.ts'
import { eventQueries } from '../../../db/queries/events.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import { shardPool } from '../../../workers/pool.ts'
import { openLanes, type RunLanes } from '../../runner/lanes.ts'
import { steeringWheel } from '../../runner/steering-wheel.ts'
import { expectFree } from '../lease.ts'
import { finishSplits } from '../plan/finish-splits.ts'
import { type Helm, takeHelm } from '../steer/helm.ts'
import type { Workspace } from '../workspace.ts'
import { writeProfile } from '../write-profile.ts'
import { expectBatches, expectCap, expectPrices } from './check-budget.ts'
import {
  type ClaimedShard,
  claimFreeShards,
  expectKnownShards,
  type HeldShard,
  takeOverStale,
} from './claim-shards.ts'
import { countTodo } from './count-todo.ts'
import { heartbeats } from './heartbeats.ts'
import { joinRun, type OpenRun } from './join-run.ts'
import { nothingToDo } from './nothing-to-do.ts'
import { runReporter } from './report-run.ts'
import type { RunLaunch, RunOptions, RunProgress } from './run-options.ts'
import type { RunSummary } from './run-summary.ts'
import { STOPS_ALL } from './shard-rounds.ts'
import { countDone, summarise, withRoom } from './summarise.ts'
import { tellBareReferences } from './tell-bare-references.ts'
import { threadCountOf } from './thread-count.ts'
import { workInPhases } from './work-in-phases.ts'

/** @throws RffError before anything is asked: no plan, unknown provider, missing key, unknown shard, lock_held */
export async function run(
  workspace: Workspace,
  config: Config,
  options: RunOptions,
  nowMs: () => number,
): Promise<RunSummary> {
  const lanes = await openLanes(config, options.env, {}) // names every fault of the settings before a shard is claimed
  expectPrices(lanes, options.caps)
  if (options.isBatch) expectBatches(lanes)
  expectFree(workspace.control, 'plan')
  finishSplits(workspace)
  expectKnownShards(workspace, options.shardNos)
  const nothing = nothingToDo(workspace)
  if (nothing !== null) return nothing
  const open = joinRun(workspace, config, options, nowMs())
  const { claimed, held } = claimFreeShards(workspace, open.lineage, options.shardNos, nowMs())
  const watching = new AbortController()
  const watched = takeOverStale(workspace, open.lineage, held, {
    leaseMs: config.run.leaseMs,
    nowMs,
    signal: AbortSignal.any([watching.signal, ...(options.signal ? [options.signal] : [])]),
  })
  const mine = [...claimed]
  const stale = watched.then(({ taken, held: still }) => {
    mine.push(...taken)
    return still
  })
  stale.catch(() => undefined) // whoever awaits it below hears of it; until then it is nobody's yet
  try {
    return await runClaimed(workspace, config, options, nowMs, { open, lanes, mine, stale, watching })
  } finally {
    watching.abort()
    await stale.catch(() => undefined) // it failed the run already, or the run failed before it
    for (const { lease } of mine) lease.release()
  }
}

interface Claims {
  readonly open: OpenRun
  readonly lanes: RunLanes
  /** What was free; what is taken over from the dead joins it. */
  readonly mine: readonly ClaimedShard[]
  /** What the living still hold, once that is known. */
  readonly stale: Promise<readonly HeldShard[]>
  readonly watching: AbortController
}

async function runClaimed(
  workspace: Workspace,
  config: Config,
  options: RunOptions,
  nowMs: () => number,
  { open, lanes, mine, stale, watching }: Claims,
): Promise<RunSummary> {
  const free = [...mine]
  const wheel = steeringWheel({ isPaused: false, inFlight: config.run.inFlight })
  const pool = shardPool(threadCountOf(config, Math.max(1, free.length)), wheel.now())
  wheel.onTurn(() => {
    pool.steer(wheel.now())
    options.onSteered?.(wheel.now())
  })
  const drain = () => pool.drain()
  options.signal?.addEventListener('abort', drain, { once: true })
  if (options.signal?.aborted) drain()
  let helm: Helm | undefined
  try {
    expectCap(lanes, free, { ...options, caps: controlGrantQueries(workspace.control).caps(open.runId) })
    const reporter = runReporter(workspace, open, nowMs)
    helm = await takeHelm(workspace, wheel, {
      runTag: open.runTag,
      startedAtMs: nowMs(),
      threads: pool.threadCount,
      shardNos: () => mine.map(({ meta }) => meta.shardNo),
    })
    options.onLaunch?.(launchOf(workspace, open, mine, pool.threadCount))
    const onProgress = (progress: RunProgress): void => {
      reporter.progress(progress)
      helm?.heed(progress)
      options.onProgress?.(progress)
    }
    const beats = heartbeats(workspace.control, mine)
    const work = (shards: readonly ClaimedShard[], limit: number | null) =>
      workInPhases(workspace, config, { ...options, limit, onProgress }, open, shards, {
        pool,
        beats,
        wheel,
        nowMs,
        trouble: helm?.trouble ?? null,
      })
    const done = free.length === 0 ? [] : await work(free, options.limit)
    if (done.some(({ stop }) => stop !== null && STOPS_ALL.has(stop.code))) watching.abort()
    const held = await stale
    if (mine.length === 0 && held.length > 0) throw allTaken(held)
    const limit = options.limit === null ? null : options.limit - countDone(done)
    // With the others again: only over all of them is it known who gets the last sweep.
    if (mine.length > free.length && limit !== 0) done.push(...(await work(mine, limit)))
    const summed = tellBareReferences(config, summarise(workspace, open, done, held, nowMs()))
    const summary = withRoom(workspace, pool.threadCount, summed)
    reporter.end(summary)
    if (summary.profile !== null) writeProfile(workspace.runDir(open.runTag), summary.profile)
    noteEvent(workspace, summary, nowMs())
    return summary
  } finally {
    options.signal?.removeEventListener('abort', drain)
    helm?.leave()
    await pool.close()
  }
}

const launchOf = (
  { control }: Workspace,
  { runId, runTag }: OpenRun,
  claimed: readonly ClaimedShard[],
  threads: number,
): RunLaunch => ({
  runId,
  runTag,
  threads,
  shards: countTodo(claimed),
  caps: controlGrantQueries(control).caps(runId),
})

const allTaken = (held: readonly HeldShard[]): RffError =>
  new RffError(
    'lock_held',
    `every shard asked for is taken: ${held.map(({ shardNo, heldBy }) => `${shardNo} by ${heldBy}`).join(', ')}`,
  )

/** For whoever asks later what happened on this workspace. */
function noteEvent({ control }: Workspace, { runId, counts, stop }: RunSummary, atMs: number): void {
  const level = stop === null ? 'info' : 'warn'
  eventQueries(control).put({
    atMs,
    level,
    kind: 'run_ended',
    runId,
    shardNo: null,
    payload: { ...counts, stop },
  })
}
