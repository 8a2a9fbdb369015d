/**
 * Writes what a plan made into the shard files, in key order, each file once.
 *
 * Idempotent: a cluster that is there with the same facts is left alone, so a plan that was killed here goes on.
 */
import type { Db } from '../../../db/open.ts'
import {
  type PlannedCluster,
  type PlanSpan,
  plannedClusterQueries,
} from '../../../db/queries/planned-clusters.ts'
import { shardClusterQueries } from '../../../db/queries/shard-clusters.ts'
import { shardMetaQueries } from '../../../db/queries/shard-meta.ts'
import type { ShardRow } from '../../../db/queries/shards.ts'
import type { ClusterMember } from '../../../schemas/cluster.ts'
import { createShard, seal } from '../../../shards/lifecycle.ts'

const BATCH_CLUSTERS = 1_000

export interface ShardTarget {
  readonly row: ShardRow
  readonly path: string
  /** Of the lease that the plan holds on the shard. */
  readonly epoch: number
}

export interface WrittenShards {
  readonly written: number
  readonly unchanged: number
  readonly retired: number
}

/**
 * @param plans a plan that was killed while it wrote is written with the next one
 * @param targets in the order of their ranges, which cover the key space
 */
export function writeShards(
  corpus: Db,
  plans: PlanSpan,
  lineage: string,
  targets: readonly ShardTarget[],
): WrittenShards {
  const planned = plannedClusterQueries(corpus)
  const clusters = planned.ofPlans(plans)
  const retired = planned.retiredBy(plans)
  const total = { written: 0, unchanged: 0, retired: 0 }
  try {
    let pending = clusters.next()
    for (const target of targets) {
      const { row, path, epoch } = target
      const isHere = (key: bigint): boolean => key <= row.keyLast && key >= row.keyFirst
      const db = createShard(path, { lineage, ...row })
      try {
        shardMetaQueries(db).takeOver(epoch)
        const write = shardWriter(db, epoch)
        const gone = retired.filter(({ key }) => isHere(key))
        total.retired += write.retire(gone)
        while (!pending.done && isHere(pending.value.key)) {
          const batch: PlannedCluster[] = []
          for (
            ;
            !pending.done && isHere(pending.value.key) && batch.length < BATCH_CLUSTERS;
            pending = clusters.next()
          ) {
            batch.push(pending.value)
          }
          const written = write.put(batch)
          total.written += written
          total.unchanged += batch.length - written
        }
        write.close(plans.through)
      } finally {
        seal(db)
      }
    }
    return total
  } finally {
    clusters.return?.(undefined) // else the corpus could not be closed, and what went wrong here not be told
  }
}

function shardWriter(db: Db, epoch: number) {
  const queries = shardClusterQueries(db)
  const meta = shardMetaQueries(db)
  const put = db.transaction((batch: readonly PlannedCluster[]): number => {
    meta.expectEpoch(epoch)
    let written = 0
    for (const cluster of batch) {
      if (isSame(queries.members(cluster.clusterId), cluster.members)) continue
      queries.put(cluster, cluster.key)
      written += 1
    }
    return written
  })
  const retire = db.transaction((rows: readonly { clusterId: string; reason: string }[]): number => {
    meta.expectEpoch(epoch)
    for (const { clusterId, reason } of rows) queries.retire(clusterId, reason)
    return rows.length
  })
  return {
    put: put.immediate,
    retire: retire.immediate,
    close: db.transaction((planNo: number): void => {
      meta.expectEpoch(epoch)
      meta.setPlanNo(planNo)
    }).immediate,
  }
}

function isSame(there: readonly ClusterMember[], planned: readonly ClusterMember[]): boolean {
  return (
    there.length === planned.length &&
    there.every((row, at) => {
      const other = planned[at]!
      return (
        row.factId === other.factId &&
        row.text === other.text &&
        row.standing === other.standing &&
        row.dupGroupId === other.dupGroupId &&
        row.domain === other.domain
      )
    })
  )
}
