/** Puts cases back into the frontier. A shard that somebody works on is left alone, and named. */
import { quarantineQueries } from '../../../db/queries/quarantine.ts'
import { type ShardMeta, shardMetaQueries } from '../../../db/queries/shard-meta.ts'
import { RffError } from '../../../schemas/failure.ts'
import { openShard, seal } from '../../../shards/lifecycle.ts'
import { shardScope, tryLease } from '../lease.ts'
import type { HeldShard } from '../run/claim-shards.ts'
import { shardsOf, type UnreadableShard } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { type CaseFilter, listCases } from './list-cases.ts'

export interface RetriedCases {
  /** In hash order. */
  readonly clusterIds: readonly string[]
  /** Shards with matching cases that were skipped, and who holds them. */
  readonly held: readonly (HeldShard & { readonly cases: number })[]
  readonly unreadable: readonly UnreadableShard[]
}

/** @throws RffError not_found where a cluster that was named is no case */
export function retryCases(workspace: Workspace, filter: CaseFilter, nowMs: number): RetriedCases {
  const { cases, unreadable } = listCases(workspace, filter)
  expectAll(filter.clusterIds, new Set(cases.map(({ clusterId }) => clusterId)))
  const retried: string[] = []
  const held: RetriedCases['held'][number][] = []
  for (const shard of shardsOf(workspace)) {
    const ids = cases.filter(({ shardNo }) => shardNo === shard.shardNo).map(({ clusterId }) => clusterId)
    if (ids.length === 0) continue
    const lease = tryLease(workspace.control, shardScope(shard.shardNo), nowMs)
    if ('heldBy' in lease) {
      held.push({ shardNo: shard.shardNo, heldBy: lease.heldBy, cases: ids.length })
      continue
    }
    try {
      retried.push(...retryIn(workspace.shardPath(shard.shardNo), shard, lease.epoch, ids))
    } finally {
      lease.release()
    }
  }
  return { clusterIds: retried, held, unreadable }
}

function expectAll(named: readonly string[], found: ReadonlySet<string>): void {
  const missing = named.filter((clusterId) => !found.has(clusterId))
  if (missing.length > 0)
    throw new RffError('not_found', `no case in quarantine for ${missing.join(', ')} (see quarantine ls)`)
}

/** @returns those that were cases still when the lease was ours */
function retryIn(path: string, shard: ShardMeta, epoch: number, clusterIds: readonly string[]): string[] {
  const db = openShard(path, shard, 'write')
  try {
    const meta = shardMetaQueries(db)
    meta.takeOver(epoch)
    const queries = quarantineQueries(db)
    const retry = db.transaction(() => {
      meta.expectEpoch(epoch)
      return clusterIds.filter((clusterId) => queries.retry(clusterId))
    })
    return retry.immediate()
  } finally {
    seal(db)
  }
}
