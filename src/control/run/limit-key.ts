/** Which key is the n-th of all frontiers together: `--limit` takes clusters in hash order, whatever the shards. */
import { frontierQueries } from '../../../db/queries/frontier.ts'
import type { ShardMeta } from '../../../db/queries/shard-meta.ts'
import { readableShards } from './readable-shards.ts'

const LAST_KEY = 2n ** 63n - 1n
const BEFORE_ALL_KEYS = -(2n ** 63n)

interface Limit {
  /** All if null; with 0 nothing is asked, and what was answered before is written down. */
  readonly limit: number | null
  /** Only clusters of this domain count; all if null. */
  readonly domain: string | null
}

/** @param shards in any order; a damaged one has no keys, and the worker that opens it says so */
export function limitKey(
  shards: readonly { meta: ShardMeta; path: string }[],
  { limit, domain }: Limit,
): bigint {
  if (limit === null) return LAST_KEY
  if (limit === 0) return BEFORE_ALL_KEYS
  const inKeyOrder = [...shards].sort((a, b) => (a.meta.keyFirst < b.meta.keyFirst ? -1 : 1))
  let left = limit
  for (const db of readableShards(inKeyOrder)) {
    const keys = frontierQueries(db).firstKeys(left, domain)
    left -= keys.length
    if (left === 0) return keys.at(-1)!
  }
  return LAST_KEY
}
