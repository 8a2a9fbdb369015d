/**
 * The last sweep: which of the clusters that primary and repair could not mend get the expensive lane.
 *
 * Decided once per run, over all its shards and in hash order, when no other work is left; so who gets it depends on
 * nobody's speed.
 */
import { frontierQueries } from '../../../db/queries/frontier.ts'
import { outcomeQueries } from '../../../db/queries/outcomes.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import type { Config } from '../../../schemas/config.ts'
import { openShard } from '../../../shards/lifecycle.ts'
import type { Workspace } from '../workspace.ts'
import { knownShards } from './claim-shards.ts'
import type { OpenRun } from './join-run.ts'

const BEFORE_ALL_KEYS = -(2n ** 63n)

/** @returns the last key that gets the expensive lane; null while a shard still has other work, or nothing waits */
export function decideSweep(workspace: Workspace, config: Config, { runId }: OpenRun): bigint | null {
  const runs = runQueries(workspace.control)
  const waiting: bigint[] = []
  let clusters = 0
  for (const meta of knownShards(workspace)) {
    const db = openShard(workspace.shardPath(meta.shardNo), meta, 'read')
    try {
      const frontier = frontierQueries(db)
      if (frontier.counts().todo > 0) return null
      waiting.push(...frontier.sweepKeys())
      clusters += outcomeQueries(db).doneInRun(runId)
    } finally {
      db.close()
    }
  }
  if (waiting.length === 0) return null
  waiting.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const quota = Math.floor(config.structure.expensiveMaxShare * (clusters + waiting.length))
  const key = quota === 0 ? BEFORE_ALL_KEYS : waiting[Math.min(quota, waiting.length) - 1]!
  runs.decideSweep(runId, key)
  return runs.open('structure')?.sweepThroughKey ?? key
}
