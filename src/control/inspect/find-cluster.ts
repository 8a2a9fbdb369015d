/** Which shard holds a cluster or an attempt. */
import { type AttemptRecord, type ClusterRecord, clusterRecords } from '../../../db/queries/cluster-record.ts'
import type { factProvenance } from '../../../db/queries/fact-provenance.ts'
import type { ShardMeta } from '../../../db/queries/shard-meta.ts'
import { holds } from '../../../shards/hash-range.ts'
import { shardsOf, splitVisited, type UnreadableShard, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'

export interface FoundCluster {
  readonly shardNo: number
  /** null where the plan took it back. */
  readonly record: ClusterRecord | null
  readonly retiredReason: string | null
  /** Those of a retired cluster too: they were paid for. */
  readonly attempts: readonly AttemptRecord[]
}

export interface Search<T> {
  readonly found: T | undefined
  /** Shards that were looked for it in vain, because they cannot be read. */
  readonly unreadable: readonly UnreadableShard[]
}

export function findCluster(
  workspace: Workspace,
  provenance: ReturnType<typeof factProvenance>,
  clusterId: string,
): Search<FoundCluster> {
  const key = provenance.seedKey(clusterId)
  const shards = shardsOf(workspace).filter(
    ({ keyFirst, keyLast }) => key === undefined || holds({ first: keyFirst, last: keyLast }, key),
  )
  return search(workspace, shards, (records, shardNo) => {
    const record = records.cluster(clusterId) ?? null
    const retiredReason = records.retiredReason(clusterId) ?? null
    const attempts = record?.attempts ?? records.attemptsOf(clusterId)
    const isKnown = record !== null || retiredReason !== null || attempts.length > 0
    return isKnown ? { shardNo, record, retiredReason, attempts } : undefined
  })
}

/** All shards are asked: after a split an attempt keeps the number that it got from its parent. */
export const findAttempt = (
  workspace: Workspace,
  attemptId: number,
): Search<{ shardNo: number; attempt: AttemptRecord }> =>
  search(workspace, shardsOf(workspace), (records, shardNo) => {
    const attempt = records.attempt(attemptId)
    return attempt && { shardNo, attempt }
  })

function search<T>(
  workspace: Workspace,
  shards: readonly ShardMeta[],
  look: (records: ReturnType<typeof clusterRecords>, shardNo: number) => T | undefined,
): Search<T> {
  const visited = visitShards(workspace, (db, { shardNo }) => [look(clusterRecords(db), shardNo)], shards)
  const { values, unreadable } = splitVisited(visited)
  return { found: values.flat().find((value) => value !== undefined), unreadable }
}
