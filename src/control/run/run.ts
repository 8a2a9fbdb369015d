/**
 * run: every cluster of the frontier goes through its model task; one shard is one task of one thread.
 *
 * The host touches no rows of a shard: it hands out shards with a lease and gets counts back. Several processes may
 * run at once; each takes the shards that are free.
 */
import { controlGrantQueries } from '../../../db/queries/control-grants.ts'
import { eventQueries } from '../../../db/queries/events.ts'
import type { Config } from '../../../schemas/config.ts'
import { type Failure, RffError } from '../../../schemas/failure.ts'
import { sumProfiles } from '../../../schemas/profile.ts'
import { shardPool } from '../../../workers/pool.ts'
import type { ShardSummary } from '../../../workers/protocol.ts'
import { openRunLog } from '../../log.ts'
import { openLanes, type RunLanes } from '../../runner/lanes.ts'
import { type SteeringWheel, steeringWheel } from '../../runner/steering-wheel.ts'
import { expectFree } from '../lease.ts'
import { openLimits } from '../limits/open-limits.ts'
import { finishSplits } from '../plan/finish-splits.ts'
import { type Helm, takeHelm } from '../steer/helm.ts'
import { thisProcess } from '../this-process.ts'
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
import { closeIfEmpty, joinRun, type OpenRun } from './join-run.ts'
import { limitKey } from './limit-key.ts'
import { runReporter } from './report-run.ts'
import type { RunLaunch, RunOptions, RunProgress } from './run-options.ts'
import type { RunSummary } from './run-summary.ts'
import { type RunThreads, STOPS_ALL, shardRunner, untilSpent } from './shard-rounds.ts'
import { decideSweep } from './sweep.ts'
import { sumCounts } from './tally-progress.ts'
import { tellRoom } from './tell-room.ts'
import { threadCountOf } from './thread-count.ts'
import { windowKeeper } from './window-keeper.ts'

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
      workThrough(workspace, config, { ...options, limit, onProgress }, open, shards, {
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
    const summary = withRoom(workspace, pool.threadCount, summarise(workspace, open, done, held, nowMs()))
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

const countDone = (shards: readonly ShardSummary[]): number =>
  shards.reduce((n, { counts }) => n + counts.ok + counts.quarantined, 0)

const allTaken = (held: readonly HeldShard[]): RffError =>
  new RffError(
    'lock_held',
    `every shard asked for is taken: ${held.map(({ shardNo, heldBy }) => `${shardNo} by ${heldBy}`).join(', ')}`,
  )

interface Steered {
  readonly wheel: SteeringWheel
  /** Why nobody can turn it; null where somebody can. */
  readonly trouble: string | null
  readonly nowMs: () => number
}

/** Rounds of all shards: lanes until no work is left that the budget has room for, then the last sweep. */
async function workThrough(
  workspace: Workspace,
  config: Config,
  options: RunOptions,
  open: OpenRun,
  claimed: readonly ClaimedShard[],
  { pool, beats, wheel, nowMs, trouble }: Pick<RunThreads, 'pool' | 'beats'> & Steered,
): Promise<ShardSummary[]> {
  const log = openRunLog(workspace.runDir(open.runTag), open.runTag, config.log.level)
  log.info({ shards: claimed.length, threads: pool.threadCount, models: config.models }, 'run begins')
  if (trouble !== null) log.warn({ trouble }, 'nobody can steer this process: it has no socket')
  const { limits, setMostInFlight } = openLimits(workspace.limitsPath, config, options.env, pool.threadCount)
  const stopFollowing = wheel.onTurn(() => setMostInFlight(wheel.now().inFlight * pool.threadCount))
  const window = windowKeeper(workspace, config.window, thisProcess(), nowMs)
  try {
    const threads = { pool, beats, limits, window, log }
    const worker = shardRunner(workspace, config, options, open, threads)
    return await inPhases(workspace, config, options, open, claimed, worker)
  } finally {
    stopFollowing()
    window?.close()
  }
}

async function inPhases(
  workspace: Workspace,
  config: Config,
  options: RunOptions,
  open: OpenRun,
  claimed: readonly ClaimedShard[],
  worker: ReturnType<typeof shardRunner>,
): Promise<ShardSummary[]> {
  const throughKey = limitKey(claimed, options)
  const done = await untilSpent(worker, claimed, { kind: 'lanes', throughKey })
  if (done.at(-1)?.some(({ stop }) => stop !== null) || options.signal?.aborted) return done.flat()
  const expensiveThroughKey = decideSweep(workspace, config, open)
  if (expensiveThroughKey === null) return done.flat()
  return [...done, ...(await untilSpent(worker, claimed, { kind: 'sweep', expensiveThroughKey }))].flat()
}

/** Where several apply: a fault of ours, the provider, the budget, the window, a file that was set aside. */
const WEIGHT = [
  'internal',
  'disk_full',
  'systemic_failure',
  'budget_spent',
  'window_exhausted',
  'batches_pending',
  'lease_lost',
  'schema_newer',
  'plan_mismatch',
  'disk_failed',
  'file_denied',
  'shard_damaged',
]

/** Those that are not on the list weigh least. */
const weightOf = ({ code }: Failure): number => (WEIGHT.includes(code) ? WEIGHT.indexOf(code) : WEIGHT.length)

function summarise(
  workspace: Workspace,
  open: OpenRun,
  shards: readonly ShardSummary[],
  held: readonly HeldShard[],
  nowMs: number,
): RunSummary {
  const stops = shards.flatMap(({ stop }) => stop ?? [])
  const left = closeIfEmpty(workspace, open, stops.length === 0, nowMs)
  stops.sort((a, b) => weightOf(a) - weightOf(b))
  return {
    runId: open.runId,
    runTag: open.runTag,
    shards: shards.map(({ profile: _, ...shard }) => shard),
    counts: sumCounts(shards.map(({ counts }) => counts)),
    held,
    stop: stops[0] ?? null,
    comeBackAtMs: earliest(shards.flatMap(({ comeBackAtMs }) => comeBackAtMs ?? [])),
    profile: sumProfiles(shards.flatMap(({ profile }) => profile ?? [])),
    ...left,
  }
}

/** Who has to make room wants to know how much. */
function withRoom(workspace: Workspace, threadCount: number, summary: RunSummary): RunSummary {
  const { stop, todo } = summary
  if (stop?.code !== 'disk_full') return summary
  const message = `${stop.message}; ${tellRoom(workspace, { todo, done: countDone(summary.shards), threadCount })}`
  return { ...summary, stop: { ...stop, message } }
}

const earliest = (times: readonly number[]): number | null => (times.length === 0 ? null : Math.min(...times))

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
