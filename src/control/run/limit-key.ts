/** Which key is the n-th of all frontiers together: `--limit` takes clusters in hash order, whatever the shards. */
import { frontierQueries } from '../../../db/queries/frontier.ts'
import type { ShardMeta } from '../../../db/queries/shard-meta.ts'
import { RffError } from '../../../schemas/failure.ts'
import { openShard } from '../../../shards/lifecycle.ts'

const LAST_KEY = 2n ** 63n - 1n

/** @param shards in the order of their ranges, so the first keys lie in the first shards that have any */
export function limitKey(shards: readonly { meta: ShardMeta; path: string }[], limit: number | null): bigint {
  if (limit === null) return LAST_KEY
  let left = limit
  for (const { meta, path } of shards) {
    const keys = firstKeysOf(path, meta, left)
    left -= keys.length
    if (left === 0) return keys.at(-1)!
  }
  return LAST_KEY
}

/** A damaged shard has none; the worker that opens it says so. */
function firstKeysOf(path: string, meta: ShardMeta, limit: number): bigint[] {
  try {
    const db = openShard(path, meta, 'read')
    try {
      return frontierQueries(db).firstKeys(limit)
    } finally {
      db.close()
    }
  } catch (cause) {
    if (cause instanceof RffError) return []
    throw cause
  }
}
