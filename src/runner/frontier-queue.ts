/** Hands out the clusters of a shard's frontier one by one, in key order, a page at a time. */
import type { FrontierRow, FrontierSlice } from '../../db/queries/frontier.ts'
import type { Cluster } from '../../schemas/cluster.ts'
import type { ShardSession } from './shard-session.ts'

const PAGE_CLUSTERS = 256

export interface QueuedCluster extends FrontierRow {
  readonly cluster: Cluster
}

/** Each cluster is handed out once, whatever becomes of it: what stays in the frontier is for the next run. */
export function frontierQueue(
  { frontier, clusters, profiler }: Pick<ShardSession, 'frontier' | 'clusters' | 'profiler'>,
  slice: FrontierSlice,
): () => QueuedCluster | undefined {
  let page: QueuedCluster[] = []
  let next = 0
  let isEmpty = false

  function pageAfter(last: FrontierRow | undefined): QueuedCluster[] {
    const rows = frontier.pageAfter(last, slice, PAGE_CLUSTERS)
    const whole = clusters.byIds(rows.map(({ clusterId }) => clusterId))
    return rows.map((row) => ({ ...row, cluster: whole.get(row.clusterId)! }))
  }

  return () => {
    // Every line of work asks once more at the end; looking again for each would cost more than a page.
    if (isEmpty) return undefined
    if (next === page.length) {
      page = profiler.time('frontier', () => pageAfter(page.at(-1)))
      next = 0
      isEmpty = page.length === 0
    }
    return page[next++]
  }
}
