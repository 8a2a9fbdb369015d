import { shardCensus } from '../../../db/queries/kept-balance.ts'
import { splitVisited, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'

export interface Work {
  /** In the frontier. */
  readonly todo: number
  readonly done: number
  /** Done, but what a merge reads of them is not written yet: somebody died in between. */
  readonly unwritten: number
}

/** Over all shards that can be read; the others are told of by whoever works on them. */
export function countWork(workspace: Workspace): Work {
  const { values } = splitVisited(visitShards(workspace, shardCensus))
  return values.reduce<Work>(
    (sum, { todo, ok, quarantined, unmaterialised }) => ({
      todo: sum.todo + todo,
      done: sum.done + ok + quarantined,
      unwritten: sum.unwritten + unmaterialised,
    }),
    { todo: 0, done: 0, unwritten: 0 },
  )
}
