/** Shard files with clusters of one fact of 300 bytes, for trials in which only the bookkeeping counts. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { shardClusterQueries } from '../../db/queries/shard-clusters.ts'
import type { ShardMeta } from '../../db/queries/shard-meta.ts'
import { clusterIdOf } from '../../schemas/ids.ts'
import { loadHashKey } from '../../shards/hash-key.ts'
import { cutKeySpace, rangeOf } from '../../shards/hash-range.ts'
import { createShard, seal } from '../../shards/lifecycle.ts'

const ITEM_BYTES = 300

export interface NoOpShard {
  readonly path: string
  readonly meta: ShardMeta
  readonly items: number
}

/** @param folder made where it is missing */
export async function writeNoOpShards(
  folder: string,
  itemCount: number,
  shardCount: number,
): Promise<NoOpShard[]> {
  mkdirSync(folder, { recursive: true })
  const keyOf = await loadHashKey()
  const ranges = cutKeySpace(shardCount)
  const ids = ranges.map((): string[] => [])
  for (let number = 0; number < itemCount; number++)
    ids[rangeOf(ranges, keyOf(`item-${number}`))]!.push(`item-${number}`)
  return ranges.map(({ first, last }, shardNo) => {
    const meta = { lineage: 'bench', shardNo, keyFirst: first, keyLast: last }
    const path = join(folder, `${shardNo}.sqlite`)
    const db = createShard(path, meta)
    const { put } = shardClusterQueries(db)
    db.transaction(() => {
      for (const factId of ids[shardNo]!) put(clusterOf(factId, keyOf(factId)), keyOf(factId))
    })()
    seal(db)
    return { path, meta, items: ids[shardNo]!.length }
  })
}

function clusterOf(factId: string, key: bigint) {
  const fact = { i: 0, standing: 'seed' as const, factId, dupGroupId: factId, domain: 'bench' }
  const text = `What ${factId} says. `.padEnd(ITEM_BYTES, 'It goes on. ')
  const clusterId = clusterIdOf(factId, 0, key)
  return {
    clusterId,
    seedFactId: factId,
    round: 0,
    domain: 'bench',
    isLone: false,
    members: [{ ...fact, text }],
  }
}
