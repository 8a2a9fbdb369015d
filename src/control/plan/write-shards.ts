/**
 * Writes what a plan made into the shard files, in the order of their ranges, each file once.
 *
 * Idempotent: a cluster that is there with the same facts is left alone, so a plan that was killed here goes on. A
 * file without any cluster, as all are in a first plan, is filled in one transaction; there is nothing to compare.
 */
import type { Db } from '../../../db/open.ts'
import { keepBalance } from '../../../db/queries/kept-balance.ts'
import {
  type PlannedCluster,
  type PlanSpan,
  plannedClusterQueries,
} from '../../../db/queries/planned-clusters.ts'
import { shardClusterQueries } from '../../../db/queries/shard-clusters.ts'
import { hasNoClusters, shardFilling } from '../../../db/queries/shard-filling.ts'
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
  onShard: (written: number) => void = () => undefined,
): WrittenShards {
  const planned = plannedClusterQueries(corpus)
  const retired = planned.retiredBy(plans)
  const clusters = inOrder(planned.ofPlans(plans))
  const total = { written: 0, unchanged: 0, retired: 0 }
  try {
    for (const [written, { row, path, epoch }] of targets.entries()) {
      onShard(written)
      const isHere = (key: bigint): boolean => key <= row.keyLast && key >= row.keyFirst
      const db = createShard(path, { lineage, ...row })
      try {
        shardMetaQueries(db).takeOver(epoch)
        const write = shardWriter(db, epoch)
        total.retired += write.retire(retired.filter(({ key }) => isHere(key)))
        if (hasNoClusters(db)) total.written += fill(db, corpus.name, plans, row, epoch)
        else {
          const { written, unchanged } = putAll(clusters.within(row), write.put)
          total.written += written
          total.unchanged += unchanged
        }
        write.close(plans.through)
      } finally {
        seal(db)
      }
    }
    return total
  } finally {
    clusters.close() // else the corpus could not be closed, and what went wrong here not be told
  }
}

function fill(db: Db, corpusPath: string, plans: PlanSpan, range: ShardRow, epoch: number): number {
  const meta = shardMetaQueries(db)
  const filling = shardFilling(db, corpusPath)
  try {
    const work = db.transaction((): number => {
      meta.expectEpoch(epoch)
      return filling.fill(plans, range)
    })
    return work.immediate()
  } finally {
    filling.close()
  }
}

/** The clusters of a range at a time, from one reading that begins when the first range is asked for. */
function inOrder(clusters: Generator<PlannedCluster>) {
  let pending: IteratorResult<PlannedCluster> | undefined
  return {
    *within({ keyFirst, keyLast }: ShardRow): Generator<PlannedCluster> {
      pending ??= clusters.next()
      for (; !pending.done && pending.value.key <= keyLast; pending = clusters.next())
        if (pending.value.key >= keyFirst) yield pending.value
    },
    close: (): void => void clusters.return?.(undefined),
  }
}

function putAll(
  clusters: Iterable<PlannedCluster>,
  put: (batch: readonly PlannedCluster[]) => number,
): { written: number; unchanged: number } {
  let written = 0
  let seen = 0
  let batch: PlannedCluster[] = []
  const flush = (): void => {
    written += put(batch)
    batch = []
  }
  for (const cluster of clusters) {
    seen += 1
    batch.push(cluster)
    if (batch.length === BATCH_CLUSTERS) flush()
  }
  flush()
  return { written, unchanged: seen - written }
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
    close(planNo: number): void {
      keepBalance(db, () => {
        meta.expectEpoch(epoch)
        meta.setPlanNo(planNo)
      })
    },
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
