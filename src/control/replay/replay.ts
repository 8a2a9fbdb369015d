/**
 * replay: judges all stored answers again with today's validators and salvage, without a request, and says what that
 * changes. Nothing is written until it is applied.
 */
import type { Db } from '../../../db/open.ts'
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { replaySchema } from '../../../schemas/output/replay.ts'
import type { Structure } from '../../../schemas/structure.ts'
import type { ModelTask } from '../../../schemas/task.ts'
import { structureTask } from '../../passes/30-c-structure/task.ts'
import { replayShard } from '../../runner/replay-shard.ts'
import { changeShard, splitChanged } from '../change-shard.ts'
import { followOutcomes } from '../follow-outcomes.ts'
import { shardsOf, splitVisited, visitShard } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { tallyReplay } from './tally-replay.ts'

export interface ReplayOptions {
  readonly isApplied: boolean
  /** Only clusters of this domain; all if null. */
  readonly domain: string | null
  readonly promptText: string | null
  /** Stands in for the task of the settings, for a program that tries a validator of its own. */
  readonly task?: ModelTask<Cluster, Structure>
}

export type Replay = Inferred<typeof replaySchema>

export function replay(workspace: Workspace, config: Config, options: ReplayOptions, nowMs: number): Replay {
  const { isApplied, domain } = options
  const task = options.task ?? taskOf(config, options.promptText)
  const tally = tallyReplay()
  const changed = shardsOf(workspace).map((shard) => {
    const { shardNo } = shard
    const judgeAgain = (db: Db, guard: (() => void) | null): ReadonlySet<number> => {
      const runIds = new Set<number>()
      replayShard(db, { task, config, domain, guard }, (found) => {
        tally.count(shardNo, found)
        if (found.verdict !== 'decided_by_person') runIds.add(found.runId)
      })
      return runIds
    }
    if (!isApplied) return visitShard(workspace, shard, (db) => void judgeAgain(db, null))
    return changeShard(workspace, shard, nowMs, (db, guard) =>
      followOutcomes(workspace, config, db, { shardNo, runIds: judgeAgain(db, guard), guard }),
    )
  })
  const { visited, held } = splitChanged(changed)
  const { unreadable } = splitVisited(visited)
  return { taskVersion: task.version, isApplied, ...tally.result(), held, unreadable }
}

function taskOf({ structure: { relationTypes } }: Config, promptText: string | null) {
  return structureTask({ relationTypes, ...(promptText === null ? {} : { promptText }) })
}
