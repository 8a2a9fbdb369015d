/** Hands out the clusters of a shard's frontier one by one, in key order, a page at a time. */
import type { FrontierRow, FrontierSlice, frontierQueries } from '../../db/queries/frontier.ts'
import type { Cluster } from '../../schemas/cluster.ts'
import type { Profiler } from '../profile/profiler.ts'

const PAGE_CLUSTERS = 256

/**
 * Each cluster is handed out once, whatever becomes of it: what stays in the frontier is for the next run.
 *
 * @param onPage called before each page is read
 */
export function frontierQueue(
  frontier: ReturnType<typeof frontierQueries>,
  slice: FrontierSlice,
  onPage: () => void,
  profiler: Profiler,
): () => QueuedCluster | undefined {
  let page: FrontierRow[] = []
  let next = 0
  let last: FrontierRow | undefined
  let isEmpty = false
  return () => {
    // Every line of work asks once more at the end; looking again for each would cost more than a page.
    if (isEmpty) return undefined
    if (next === page.length) {
      onPage()
      page = profiler.time('frontier', () => frontier.pageAfter(last, slice, PAGE_CLUSTERS))
      next = 0
    }
    const row = page[next]
    isEmpty = row === undefined
    if (row === undefined) return undefined
    next += 1
    last = row
    return { key: row.key, cluster: profiler.time('clusters', () => frontier.cluster(row.clusterId)!) }
  }
}

export interface QueuedCluster {
  readonly key: bigint
  readonly cluster: Cluster
}
