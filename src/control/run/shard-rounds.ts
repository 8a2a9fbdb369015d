/** Gives shards to threads, round by round, with the budget handed out and credited in between. */
import { controlGrantQueries } from '../../../db/queries/control-grants.ts'
import type { Config } from '../../../schemas/config.ts'
import type { ShardPool } from '../../../workers/pool.ts'
import type { RunPhase, ShardSummary, SharedLimits } from '../../../workers/protocol.ts'
import type { RunLog } from '../../log.ts'
import { newSignals } from '../../runner/transport-streak.ts'
import type { Workspace } from '../workspace.ts'
import type { ClaimedShard } from './claim-shards.ts'
import type { Heartbeats } from './heartbeats.ts'
import type { OpenRun } from './join-run.ts'
import type { RunOptions } from './run-options.ts'
import type { WindowKeeper } from './window-keeper.ts'

/** Trouble that every shard would meet; a damaged file is its own affair. */
export const STOPS_ALL: ReadonlySet<string> = new Set([
  'systemic_failure',
  'disk_full',
  'budget_spent',
  'window_exhausted',
  'internal',
])

/**
 * A shard that finds the cap used up stops, though another one may give back what it did not need; so those that
 * stopped for it go again, as long as a round gets something done.
 *
 * @returns the summaries of each round
 */
export async function untilSpent(
  runShard: (shard: ClaimedShard, phase: RunPhase) => Promise<ShardSummary>,
  shards: readonly ClaimedShard[],
  phase: RunPhase,
): Promise<ShardSummary[][]> {
  const rounds: ShardSummary[][] = []
  let left = shards
  for (;;) {
    const round = await Promise.all(left.map((shard) => runShard(shard, phase)))
    const isSpent = (at: number): boolean => round[at]?.stop?.code === 'budget_spent'
    const hasWorked = round.some(({ counts }) => counts.asked > 0)
    const again = left.filter((_, at) => isSpent(at))
    rounds.push(round)
    if (
      again.length === 0 ||
      !hasWorked ||
      round.some(({ stop }) => stop !== null && STOPS_ALL.has(stop.code))
    )
      return rounds
    // What they stopped for may be gone; their next summary says whether it is.
    rounds[rounds.length - 1] = round.map((summary, at) =>
      isSpent(at) ? { ...summary, stop: null } : summary,
    )
    left = again
  }
}

export interface RunThreads {
  readonly pool: ShardPool
  readonly beats: Heartbeats
  readonly limits: SharedLimits
  readonly window: WindowKeeper | null
  readonly log: RunLog
}

/** Runs one shard in a thread: answers its questions for budget, and credits what it gives back. */
export function shardRunner(
  workspace: Workspace,
  config: Config,
  options: RunOptions,
  open: OpenRun,
  { pool, beats, limits, window, log }: RunThreads,
) {
  const grants = controlGrantQueries(workspace.control)
  const { domain, isFresh, isBatch = false, isProfiled = false, promptText, env } = options
  const { runId } = open
  const common = {
    runId,
    domain,
    isFresh,
    isBatch,
    isProfiled,
    config,
    promptText,
    env,
    runDir: workspace.runDir(open.runTag),
    caps: grants.caps(runId),
  }
  const signals = newSignals()
  return async ({ meta, path: shardPath, lease }: ClaimedShard, phase: RunPhase): Promise<ShardSummary> => {
    const shardLog = log.child({ shard: meta.shardNo })
    const beganAt = performance.now()
    shardLog.info({ phase: phase.kind, epoch: lease.epoch }, 'shard begins')
    const outstanding = grants.outstanding(runId, meta.shardNo)
    const job = {
      ...common,
      window: window?.memory ?? null,
      shardPath,
      meta,
      epoch: lease.epoch,
      phase,
      outstanding,
      signals,
      limits,
    }
    const summary = await pool.run(job, (message) => {
      if (message.kind === 'grant_wanted') {
        return { kind: 'grant', grant: grants.issue(runId, meta.shardNo, message.need) }
      }
      if (message.kind === 'window_wanted') {
        return { kind: 'window', isOpen: window?.fill(message.tokens) ?? true }
      }
      if (message.kind === 'beat') return beats.beat(meta.shardNo) ? undefined : { kind: 'drain' }
      options.onProgress?.({ shardNo: message.shardNo, counts: message.counts, isOver: false })
      return undefined
    })
    beats.end(meta.shardNo)
    options.onProgress?.({ shardNo: meta.shardNo, counts: summary.counts, isOver: true })
    grants.credit(summary.returned)
    const tookMs = Math.round(performance.now() - beganAt)
    if (summary.stop === null) shardLog.info({ ...summary.counts, tookMs }, 'shard ends')
    else shardLog.warn({ ...summary.counts, tookMs, stop: summary.stop }, 'shard stops early')
    if (summary.stop !== null && STOPS_ALL.has(summary.stop.code)) pool.drain()
    return summary
  }
}
