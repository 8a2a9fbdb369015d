/** What is left in the frontiers of shards. */
import { frontierQueries } from '../../../db/queries/frontier.ts'
import { asFailure, isOfOneFile } from '../../../schemas/as-failure.ts'
import { openShard } from '../../../shards/lifecycle.ts'
import type { ClaimedShard } from './claim-shards.ts'

export interface TodoOfShard {
  readonly shardNo: number
  readonly todo: number
  /** Clusters that wait for the last sweep. */
  readonly sweep: number
}

/** A shard that cannot be read asks nothing, so it has nothing to do; its worker says what is wrong with it. */
export const countTodo = (shards: readonly ClaimedShard[]): TodoOfShard[] => shards.map(todoOf)

function todoOf({ path, meta }: ClaimedShard): TodoOfShard {
  const { shardNo } = meta
  try {
    const db = openShard(path, meta, 'read')
    try {
      const { todo, sweep } = frontierQueries(db).counts()
      return { shardNo, todo, sweep }
    } finally {
      db.close()
    }
  } catch (cause) {
    if (!isOfOneFile(asFailure(cause))) throw cause
    return { shardNo, todo: 0, sweep: 0 }
  }
}
