/**
 * run: every cluster of the frontier goes through its model task; one shard is one task of one thread.
 *
 * The host touches no rows of a shard: it hands out shards with a lease and gets counts back. Several processes may
 * run at once; each takes the shards that are free.
 */
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import { type ShardPool, shardPool } from '../../../workers/pool.ts'
import type { ShardSummary } from '../../../workers/protocol.ts'
import { openLanes } from '../../runner/lanes.ts'
import type { Workspace } from '../workspace.ts'
import { expectCap, expectPrices } from './check-budget.ts'
import { type ClaimedShard, claimFreeShards, type HeldShard } from './claim-shards.ts'
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
  const open = joinRun(workspace, config, options, nowMs())
  const { claimed, held } = claimFreeShards(workspace, open.lineage, options.shardNos, nowMs())
  if (claimed.length === 0 && held.length > 0) {
    throw new RffError(
      'lock_held',
      `every shard asked for is taken: ${held.map(({ shardNo, heldBy }) => `${shardNo} by ${heldBy}`).join(', ')}`,
    )
  }
  const pool = shardPool(threadCountOf(config, claimed.length))
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
    const done = await workThrough(workspace, config, { ...options, onProgress }, open, claimed, pool)
    const summary = summarise(workspace, open, done, held, nowMs())
    reporter.end(summary)
    return summary
  } finally {
    options.signal?.removeEventListener('abort', drain)
    await pool.close()
    for (const shard of claimed) shard.release()
  }
}

/** Rounds of all shards: lanes until no work is left that the budget has room for, then the last sweep. */
async function workThrough(
  workspace: Workspace,
  config: Config,
  options: RunOptions,
  open: OpenRun,
  claimed: readonly ClaimedShard[],
  pool: ShardPool,
): Promise<ShardSummary[]> {
  const worker = shardRunner(workspace, config, options, open, pool)
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
