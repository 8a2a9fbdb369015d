/**
 * run: every cluster of the frontier goes through its model task; one shard is one task of one thread.
 *
 * The host touches no rows of a shard: it hands out shards with a lease and gets counts back. Several processes may
 * run at once; each takes the shards that are free.
 */
import { eventQueries } from '../../../db/queries/events.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import { type ShardPool, shardPool } from '../../../workers/pool.ts'
import type { ShardSummary } from '../../../workers/protocol.ts'
import { openRunLog } from '../../log.ts'
import { openLanes, type RunLanes } from '../../runner/lanes.ts'
import { expectFree } from '../lease.ts'
import type { Workspace } from '../workspace.ts'
import { expectCap, expectPrices } from './check-budget.ts'
import { type ClaimedShard, claimFreeShards, type HeldShard, takeOverStale } from './claim-shards.ts'
import { heartbeats } from './heartbeats.ts'
import { closeIfEmpty, joinRun, type OpenRun } from './join-run.ts'
import { limitKey } from './limit-key.ts'
import { runReporter, sumCounts } from './report-run.ts'
import type { RunOptions, RunProgress } from './run-options.ts'
import type { RunSummary } from './run-summary.ts'
import { shardRunner, untilSpent } from './shard-rounds.ts'
import { decideSweep } from './sweep.ts'
import { threadCountOf } from './thread-count.ts'

/** @throws RffError before anything is asked: no plan, unknown provider, missing key, unknown shard, lock_held */
export async function run(
  workspace: Workspace,
  config: Config,
  options: RunOptions,
  nowMs: () => number,
): Promise<RunSummary> {
  const lanes = await openLanes(config, options.env, {}) // names every fault of the settings before a shard is claimed
  expectPrices(lanes, options.caps)
  expectFree(workspace.control, 'plan')
  const open = joinRun(workspace, config, options, nowMs())
  const { claimed, held } = claimFreeShards(workspace, open.lineage, options.shardNos, nowMs())
  const watching = new AbortController()
  const stale = takeOverStale(workspace, open.lineage, held, {
    leaseMs: config.run.leaseMs,
    nowMs,
    signal: AbortSignal.any([watching.signal, ...(options.signal ? [options.signal] : [])]),
  })
  try {
    return await runClaimed(workspace, config, options, nowMs, { open, lanes, claimed, stale })
  } finally {
    watching.abort()
    const { taken } = await stale
    for (const { lease } of [...claimed, ...taken]) lease.release()
  }
}

interface Claims {
  readonly open: OpenRun
  readonly lanes: RunLanes
  readonly claimed: readonly ClaimedShard[]
  /** What comes of watching the shards that others hold. */
  readonly stale: ReturnType<typeof takeOverStale>
}

async function runClaimed(
  workspace: Workspace,
  config: Config,
  options: RunOptions,
  nowMs: () => number,
  { open, lanes, claimed, stale }: Claims,
): Promise<RunSummary> {
  const pool = shardPool(threadCountOf(config, Math.max(1, claimed.length)))
  const drain = () => pool.drain()
  options.signal?.addEventListener('abort', drain, { once: true })
  if (options.signal?.aborted) drain()
  try {
    expectCap(lanes, claimed, options)
    const reporter = runReporter(workspace, open, nowMs)
    const onProgress = (progress: RunProgress): void => {
      reporter.progress(progress)
      options.onProgress?.(progress)
    }
    const work = (shards: readonly ClaimedShard[]) =>
      workThrough(workspace, config, { ...options, onProgress }, open, shards, pool)
    const done = claimed.length === 0 ? [] : await work(claimed)
    const { taken, held } = await stale
    if (claimed.length === 0 && taken.length === 0 && held.length > 0) throw allTaken(held)
    // With the others again: only over all of them is it known who gets the last sweep.
    if (taken.length > 0) done.push(...(await work([...claimed, ...taken])))
    const summary = summarise(workspace, open, done, held, nowMs())
    reporter.end(summary)
    noteEvent(workspace, summary, nowMs())
    return summary
  } finally {
    options.signal?.removeEventListener('abort', drain)
    await pool.close()
  }
}

const allTaken = (held: readonly HeldShard[]): RffError =>
  new RffError(
    'lock_held',
    `every shard asked for is taken: ${held.map(({ shardNo, heldBy }) => `${shardNo} by ${heldBy}`).join(', ')}`,
  )

/** Rounds of all shards: lanes until no work is left that the budget has room for, then the last sweep. */
async function workThrough(
  workspace: Workspace,
  config: Config,
  options: RunOptions,
  open: OpenRun,
  claimed: readonly ClaimedShard[],
  pool: ShardPool,
): Promise<ShardSummary[]> {
  const log = openRunLog(workspace.runDir(open.runTag), open.runTag, config.log.level)
  log.info({ shards: claimed.length, threads: pool.threadCount, models: config.models }, 'run begins')
  const beats = heartbeats(workspace.control, claimed)
  const worker = shardRunner(workspace, config, options, open, pool, beats, log)
  const throughKey = limitKey(claimed, options.limit)
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
  'lease_lost',
  'schema_newer',
  'plan_mismatch',
  'shard_damaged',
]

function summarise(
  workspace: Workspace,
  open: OpenRun,
  shards: readonly ShardSummary[],
  held: readonly HeldShard[],
  nowMs: number,
): RunSummary {
  const left = closeIfEmpty(workspace, open, nowMs)
  const stops = shards.flatMap(({ stop }) => stop ?? [])
  stops.sort((a, b) => WEIGHT.indexOf(a.code) - WEIGHT.indexOf(b.code))
  return {
    runId: open.runId,
    runTag: open.runTag,
    shards,
    counts: sumCounts(shards.map(({ counts }) => counts)),
    held,
    stop: stops[0] ?? null,
    ...left,
  }
}

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
