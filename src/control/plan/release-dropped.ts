/**
 * plan --dropped: facts that stood in a cluster but that no concept kept get another chance.
 *
 * A cluster makes one concept, and what is about something else is dropped from it; without this those facts would be
 * covered and yet be in no concept. They are taken out of the coverage and covered anew among themselves. Every new
 * cluster keeps at least one fact, so repeating it comes to an end.
 */
import type { Db } from '../../../db/open.ts'
import { droppedFactQueries, releaseQueries } from '../../../db/queries/dropped-facts.ts'
import type { ShardMeta } from '../../../db/queries/shard-meta.ts'
import { openShard } from '../../../shards/lifecycle.ts'

/** @returns how many facts were released */
export function releaseDropped(corpus: Db, shards: readonly { meta: ShardMeta; path: string }[]): number {
  const queries = releaseQueries(corpus)
  const eachShard = (visit: (shard: ReturnType<typeof droppedFactQueries>) => void): void => {
    for (const { meta, path } of shards) {
      const db = openShard(path, meta, 'read')
      try {
        visit(droppedFactQueries(db))
      } finally {
        db.close()
      }
    }
  }
  const release = corpus.transaction((): number => {
    eachShard((shard) => {
      for (const { factId, clusterId } of shard.dropped()) queries.add(factId, clusterId)
    })
    // A fact that another cluster kept, as context say, is in the field after all.
    eachShard((shard) => {
      for (const { factId } of shard.kept()) queries.keep(factId)
    })
    return queries.release()
  })
  return release.immediate()
}
