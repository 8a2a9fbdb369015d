/** Looks at every shard file without writing to any: a run may be going on, and one broken file hides no other. */
import type { Db } from '../../../db/open.ts'
import { planQueries } from '../../../db/queries/plans.ts'
import type { ShardMeta } from '../../../db/queries/shard-meta.ts'
import { asFailure, isOfOneFile } from '../../../schemas/as-failure.ts'
import type { Failure } from '../../../schemas/failure.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { unreadableShardSchema } from '../../../schemas/output/trouble.ts'
import { openShard } from '../../../shards/lifecycle.ts'
import { knownShards } from '../run/claim-shards.ts'
import type { Workspace } from '../workspace.ts'

export type Visited<T> =
  | { readonly shard: ShardMeta; readonly ok: true; readonly value: T }
  | { readonly shard: ShardMeta; readonly ok: false; readonly failure: Failure }

/** In the order of the ranges; none before the first plan has written any. */
export const shardsOf = (workspace: Workspace): ShardMeta[] =>
  planQueries(workspace.control).knownLineage() === undefined ? [] : knownShards(workspace)

/**
 * Each visit reads one snapshot of its shard.
 *
 * @returns in the order of `shards`; what is missing, damaged or of another plan is a failure in its place
 */
export const visitShards = <T>(
  workspace: Workspace,
  visit: (db: Db, shard: ShardMeta) => T,
  shards: readonly ShardMeta[] = shardsOf(workspace),
): Visited<T>[] => shards.map((shard) => visitShard(workspace, shard, visit))

export function visitShard<T>(
  workspace: Workspace,
  shard: ShardMeta,
  visit: (db: Db, shard: ShardMeta) => T,
): Visited<T> {
  let db: Db | undefined
  try {
    db = openShard(workspace.shardPath(shard.shardNo), shard, 'read')
    const open = db
    return { shard, ok: true, value: open.transaction(() => visit(open, shard))() }
  } catch (cause) {
    const failure = asFailure(cause)
    if (!isOfOneFile(failure)) throw cause
    return { shard, ok: false, failure }
  } finally {
    db?.close()
  }
}

/** The values of the shards that could be read, and what was wrong with the others. */
export function splitVisited<T>(visited: readonly Visited<T>[]): {
  readonly values: readonly T[]
  readonly unreadable: readonly UnreadableShard[]
} {
  return {
    values: visited.flatMap((one) => (one.ok ? [one.value] : [])),
    unreadable: visited.flatMap((one) =>
      one.ok ? [] : [{ shardNo: one.shard.shardNo, code: one.failure.code, message: one.failure.message }],
    ),
  }
}

export type UnreadableShard = Inferred<typeof unreadableShardSchema>
