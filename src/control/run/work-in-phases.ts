/**
 * The two phases of a run over all its shards: lanes until no work is left that the budget has room for, then the last
 * sweep. For as long as they last, the limits of the servers follow the wheel, and the usage window is kept.
 */
import type { Config } from '../../../schemas/config.ts'
import type { ShardSummary } from '../../../workers/protocol.ts'
import { openRunLog } from '../../log.ts'
import type { SteeringWheel } from '../../runner/steering-wheel.ts'
import { openLimits } from '../limits/open-limits.ts'
import type { Workspace } from '../workspace.ts'
import type { ClaimedShard } from './claim-shards.ts'
import type { OpenRun } from './join-run.ts'
import { limitKey } from './limit-key.ts'
import type { RunOptions } from './run-options.ts'
import { type RunThreads, shardRunner, untilSpent } from './shard-rounds.ts'
import { decideSweep } from './sweep.ts'
import { windowKeeper } from './window-keeper.ts'

interface Steered {
  readonly wheel: SteeringWheel
  /** Why nobody can turn it; null where somebody can. */
  readonly trouble: string | null
  readonly nowMs: () => number
}

/** @returns the summary of each shard in each round */
export async function workInPhases(
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
  const window = windowKeeper(workspace, config.window, 'run', nowMs)
  try {
    const threads = { pool, beats, limits, window, log }
    const worker = shardRunner(workspace, config, options, open, threads)
    return await lanesThenSweep(workspace, config, options, open, claimed, worker)
  } finally {
    stopFollowing()
    window?.close()
  }
}

async function lanesThenSweep(
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
