/** All shards, each read again only where its file has changed, with the turns of others in between. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Db } from '../../db/open.ts'
import type { ShardMeta } from '../../db/queries/shard-meta.ts'
import { rememberShards } from '../control/status/remember-shards.ts'
import { shardsOf, type Visited } from '../control/status/visit-shards.ts'
import type { Workspace } from '../control/workspace.ts'

export type ShardMemo<T> = (workspace: Workspace) => Promise<Visited<T>[]>

/** @param read one snapshot of one shard */
export function shardMemo<T>(read: (db: Db, shard: ShardMeta) => T, nowMs: () => number): ShardMemo<T> {
  const visit = rememberShards(read, nowMs)
  return async (workspace) => {
    const all: Visited<T>[] = []
    for (const shard of shardsOf(workspace)) {
      all.push(visit(workspace, shard))
      await nextTurn()
    }
    return all
  }
}
