import { shardQueries } from '../../../db/queries/shards.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import { cutKeySpace } from '../../../shards/hash-range.ts'
import { plural } from '../../language/counted.ts'
import { claimLease, shardScope } from '../lease.ts'
import type { Workspace } from '../workspace.ts'
import type { PlanOptions } from './plan-options.ts'
import type { ShardTarget } from './write-shards.ts'

export type ClaimedShard = ShardTarget & { release(): void }

/**
 * Cuts the key space where that was not done yet, and claims every shard.
 *
 * Every shard is claimed before anything is written: a run that is under way is waited for, not disturbed.
 *
 * @throws RffError lock_held, plan_mismatch
 */
export function claimAllShards(
  workspace: Workspace,
  config: Config,
  options: PlanOptions,
  nowMs: number,
): ClaimedShard[] {
  const { control } = workspace
  const shards = shardQueries(control)
  const cut = control.transaction(() => {
    if (shards.all().length > 0) return
    cutKeySpace(options.shardCount ?? config.plan.shards).forEach(({ first, last }, shardNo) => {
      shards.insert({ shardNo, keyFirst: first, keyLast: last })
    })
  })
  cut.immediate()
  const rows = shards.all()
  if (options.shardCount !== null && options.shardCount !== rows.length) {
    throw new RffError(
      'plan_mismatch',
      `${plural(options.shardCount, 'shard')} asked for, but this workspace has ${rows.length}; plan --split N cuts one in two`,
    )
  }
  const claimed: ClaimedShard[] = []
  try {
    for (const row of rows) {
      const lease = claimLease(control, shardScope(row.shardNo), nowMs)
      claimed.push({
        row,
        path: workspace.shardPath(row.shardNo),
        epoch: lease.epoch,
        release: lease.release,
      })
    }
  } catch (cause) {
    for (const shard of claimed) shard.release()
    throw cause
  }
  return claimed
}
