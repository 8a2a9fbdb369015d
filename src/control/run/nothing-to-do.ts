import type { Db } from '../../../db/open.ts'
import { shardCensus } from '../../../db/queries/kept-balance.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import { structureQueries } from '../../../db/queries/structures.ts'
import { STRUCTURE_TASK } from '../../passes/30-c-structure/task.ts'
import { PASS_M_VERSION } from '../../passes/40-m-materialise/stage.ts'
import { shardsOf, visitShard } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import type { RunSummary } from './run-summary.ts'
import { sumCounts } from './tally-progress.ts'

/**
 * Where every cluster is decided and written and no run is open, no run begins, and no thread.
 *
 * @returns what a run would have said, under the name of the last one; null where there is something to do, or where a shard cannot be
 *   read, which is for a run to tell of
 */
export function nothingToDo(workspace: Workspace): RunSummary | null {
  const runs = runQueries(workspace.control)
  const last = runs.latest()
  if (last === undefined || runs.open(STRUCTURE_TASK) !== undefined) return null
  const isAllDone = shardsOf(workspace).every((shard) => {
    const visited = visitShard(workspace, shard, isDone)
    return visited.ok && visited.value
  })
  if (!isAllDone) return null
  const { runId, runTag } = last
  return {
    ...{ runId, runTag, shards: [], counts: sumCounts([]), held: [], stop: null, comeBackAtMs: null },
    ...{ profile: null, todo: 0, waiting: 0, isClosed: true },
  }
}

/** Nothing to ask, nothing under way, and the deltas of all answers are there as PassM makes them today. */
function isDone(db: Db): boolean {
  const { todo, openAttempts } = shardCensus(db)
  return todo + openAttempts === 0 && structureQueries(db).toMaterialise(PASS_M_VERSION, 1).length === 0
}
