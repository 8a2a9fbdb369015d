/** Changes the rows of one shard from the host: under its lease, with the epoch checked, the file sealed afterwards. */
import type { Db } from '../../db/open.ts'
import { keepBalance } from '../../db/queries/kept-balance.ts'
import { type ShardMeta, shardMetaQueries } from '../../db/queries/shard-meta.ts'
import { openShard, seal } from '../../shards/lifecycle.ts'
import { shardScope, tryLease } from './lease.ts'
import { type Visited, visitShard } from './status/visit-shards.ts'
import type { Workspace } from './workspace.ts'

export type Changed<T> = Visited<T> | { readonly shard: ShardMeta; readonly heldBy: string }

/**
 * @param change calls `guard` first in every transaction that writes
 * @returns what it returned, who holds the shard, or what is wrong with the file
 */
export function changeShard<T>(
  workspace: Workspace,
  shard: ShardMeta,
  nowMs: number,
  change: (db: Db, guard: () => void) => T,
): Changed<T> {
  const lease = tryLease(workspace.control, shardScope(shard.shardNo), nowMs)
  if ('heldBy' in lease) return { shard, heldBy: lease.heldBy }
  try {
    const readable = visitShard(workspace, shard, () => undefined)
    if (!readable.ok) return readable
    const db = openShard(workspace.shardPath(shard.shardNo), shard, 'write')
    try {
      const meta = shardMetaQueries(db)
      meta.takeOver(lease.epoch)
      const guard = (): void => meta.expectEpoch(lease.epoch)
      const value = change(db, guard)
      keepBalance(db, guard)
      return { shard, ok: true, value }
    } finally {
      seal(db)
    }
  } finally {
    lease.release()
  }
}

/** The shards that could be changed or read, and those that could not. */
export function splitChanged<T>(changed: readonly Changed<T>[]): {
  readonly visited: readonly Visited<T>[]
  readonly held: readonly { readonly shardNo: number; readonly heldBy: string }[]
} {
  return {
    visited: changed.flatMap((one) => ('heldBy' in one ? [] : [one])),
    held: changed.flatMap((one) =>
      'heldBy' in one ? [{ shardNo: one.shard.shardNo, heldBy: one.heldBy }] : [],
    ),
  }
}
