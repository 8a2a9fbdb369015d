/** What was read of a shard, kept until its file changes: who looks every second must not open hundreds of files each time. */
import { statSync } from 'node:fs'
import type { Db } from '../../../db/open.ts'
import type { ShardMeta } from '../../../db/queries/shard-meta.ts'
import type { Workspace } from '../workspace.ts'
import { type Visited, visitShard } from './visit-shards.ts'

/** A file that grows all the time is read at most so often. */
const LEAST_AGE_MS = 900

interface Kept<T> {
  readonly stamp: string
  readonly atMs: number
  readonly visited: Visited<T>
}

export type ShardVisit<T> = (workspace: Workspace, shard: ShardMeta) => Visited<T>

/** @param read one snapshot of one shard */
export function rememberShards<T>(read: (db: Db, shard: ShardMeta) => T, nowMs: () => number): ShardVisit<T> {
  const kept = new Map<number, Kept<T>>()
  return (workspace, shard) => {
    const known = kept.get(shard.shardNo)
    const stamp = stampOf(workspace.shardPath(shard.shardNo))
    const isFresh = known !== undefined && (known.stamp === stamp || nowMs() - known.atMs < LEAST_AGE_MS)
    if (isFresh) return known.visited
    const visited = visitShard(workspace, shard, read)
    kept.set(shard.shardNo, { stamp, atMs: nowMs(), visited })
    return visited
  }
}

/** Whatever is committed changes the file or its WAL. */
const stampOf = (path: string): string =>
  [path, `${path}-wal`]
    .map((file) => statSync(file, { throwIfNoEntry: false }))
    .map((stat) => (stat === undefined ? '' : `${stat.ino}:${stat.size}:${stat.mtimeMs}`))
    .join('|')
