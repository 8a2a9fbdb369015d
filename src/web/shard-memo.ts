/** What was read of a shard, kept until its file changes: a page that looks every second must not count millions of rows. */
import { statSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Db } from '../../db/open.ts'
import type { ShardMeta } from '../../db/queries/shard-meta.ts'
import { shardsOf, type Visited, visitShard } from '../control/status/visit-shards.ts'
import type { Workspace } from '../control/workspace.ts'

/** A file that grows all the time is read at most so often. */
const LEAST_AGE_MS = 900

interface Kept<T> {
  readonly stamp: string
  readonly atMs: number
  readonly visited: Visited<T>
}

export type ShardMemo<T> = (workspace: Workspace) => Promise<Visited<T>[]>

/** @param read one snapshot of one shard */
export function shardMemo<T>(read: (db: Db, shard: ShardMeta) => T, nowMs: () => number): ShardMemo<T> {
  const kept = new Map<number, Kept<T>>()
  const visit = (workspace: Workspace, shard: ShardMeta): Visited<T> => {
    const known = kept.get(shard.shardNo)
    const stamp = stampOf(workspace.shardPath(shard.shardNo))
    const isFresh = known !== undefined && (known.stamp === stamp || nowMs() - known.atMs < LEAST_AGE_MS)
    if (isFresh) return known.visited
    const visited = visitShard(workspace, shard, read)
    kept.set(shard.shardNo, { stamp, atMs: nowMs(), visited })
    return visited
  }
  return async (workspace) => {
    const all: Visited<T>[] = []
    for (const shard of shardsOf(workspace)) {
      all.push(visit(workspace, shard))
      await nextTurn() // others have their turn between two shards
    }
    return all
  }
}

/** Whatever is committed changes the file or its WAL. */
const stampOf = (path: string): string =>
  [path, `${path}-wal`]
    .map((file) => statSync(file, { throwIfNoEntry: false }))
    .map((stat) => (stat === undefined ? '' : `${stat.ino}:${stat.size}:${stat.mtimeMs}`))
    .join('|')
