import type { Db } from '../../../db/open.ts'
import type { ShardMeta } from '../../../db/queries/shard-meta.ts'
import { asFailure, isOfOneFile } from '../../../schemas/as-failure.ts'
import { openShard } from '../../../shards/lifecycle.ts'

/**
 * Opens one shard after the other for reading, each until the next is asked for.
 *
 * One that is missing or damaged is passed over: whoever works on it says what is wrong, and the others go on.
 */
export function* readableShards(shards: Iterable<{ meta: ShardMeta; path: string }>): Generator<Db> {
  for (const { meta, path } of shards) {
    const db = openIfSound(path, meta)
    if (db === undefined) continue
    try {
      yield db
    } finally {
      db.close()
    }
  }
}

function openIfSound(path: string, meta: ShardMeta): Db | undefined {
  try {
    return openShard(path, meta, 'read')
  } catch (cause) {
    if (!isOfOneFile(asFailure(cause))) throw cause
    return undefined
  }
}
