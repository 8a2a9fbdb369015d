/**
 * The last sweep: which of the clusters that primary and repair could not mend get the expensive lane.
 *
 * Decided once per run, over all its shards and in hash order, when no other work is left; so who gets it depends on
 * nobody's speed. A damaged shard has no part in it; its clusters wait until it is restored.
 */
import { frontierQueries } from '../../../db/queries/frontier.ts'
import { outcomeQueries } from '../../../db/queries/outcomes.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import type { Config } from '../../../schemas/config.ts'
import { STRUCTURE_TASK } from '../../passes/30-c-structure/task.ts'
import type { Workspace } from '../workspace.ts'
import { knownShards } from './claim-shards.ts'
import type { OpenRun } from './join-run.ts'
import { readableShards } from './readable-shards.ts'

const BEFORE_ALL_KEYS = -(2n ** 63n)

/** @returns the last key that gets the expensive lane; null while a shard still has other work, or nothing waits */
export function decideSweep(workspace: Workspace, config: Config, { runId }: OpenRun): bigint | null {
  const runs = runQueries(workspace.control)
  const waiting: bigint[] = []
  let clusters = 0
  const shards = knownShards(workspace).map((meta) => ({ meta, path: workspace.shardPath(meta.shardNo) }))
  for (const db of readableShards(shards)) {
    const frontier = frontierQueries(db)
    if (frontier.counts().todo > 0) return null
    waiting.push(...frontier.sweepKeys())
    clusters += outcomeQueries(db).doneInRun(runId)
  }
  if (waiting.length === 0) return null
  waiting.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const quota = Math.floor(config.structure.expensiveMaxShare * (clusters + waiting.length))
  const key = quota === 0 ? BEFORE_ALL_KEYS : waiting[Math.min(quota, waiting.length) - 1]!
  runs.decideSweep(runId, key)
  return runs.open(STRUCTURE_TASK)?.sweepThroughKey ?? key
}
