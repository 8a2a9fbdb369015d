/** All clusters of an expansion into the corpus file, in one transaction, with the summary of what they are. */
import { inBulk } from '../../../db/bulk.ts'
import type { Db } from '../../../db/open.ts'
import { type ExpandSummary, expandSummarySchema } from '../../../schemas/expand-summary.ts'
import { clusterIdOf } from '../../../schemas/ids.ts'
import type { ClusterRows } from '../../passes/20-x-expand/lay-out-clusters.ts'
import { passX } from '../../passes/20-x-expand/stage.ts'
import type { ExpandShape } from './expand-options.ts'
import { tallyClusters } from './expand-summary.ts'
import type { MadeClusters } from './make-clusters.ts'
import { orderByClusterId } from './order-by-cluster-id.ts'

export type SummaryFrame = Pick<
  ExpandSummary,
  'planNo' | 'mode' | 'factCount' | 'uncoveredCount' | 'termCount' | 'bytes'
>

const PROGRESS_CLUSTERS = 10_000

/** What the clusters of a plan have in common. */
export interface ClusterKind {
  /** Part of their ids; see clusterIdOf. */
  readonly round: number
  /** Whether their facts are covered by them; those of clusters that grow from the field are covered already. */
  readonly isCovering: boolean
}

/** @param factNos by rank */
export function writeClusters(
  corpus: Db,
  factNos: Uint32Array,
  made: MadeClusters,
  frame: SummaryFrame,
  kind: ClusterKind,
  { write = true, onProgress = () => undefined }: ExpandShape,
): ExpandSummary {
  const tally = tallyClusters()
  const summary = (): ExpandSummary => ({
    ...frame,
    ...tally.tally(),
    unselectedCount: made.unselected.length,
    roundCount: made.roundCount,
  })
  if (!write) {
    for (let place = 0; place < made.clusters.count; place++) tally.add(made.clusters.rowsAt(place))
    return summary()
  }
  const work = corpus.transaction((): ExpandSummary => {
    const onCluster = (rows: ClusterRows, done: number): void => {
      tally.add(rows)
      if (done % PROGRESS_CLUSTERS === 0) onProgress({ step: 'clusters', done, total: made.clusters.count })
    }
    putClusters(corpus, factNos, made, frame.planNo, kind.round, onCluster)
    const coverage = passX.read(corpus)
    if (kind.isCovering) coverage.putClustered(frame.planNo, kind.round)
    for (const rank of made.unselected) coverage.putUnselected(factNos[rank]!)
    const written = summary()
    passX.write(corpus).saveSummary(JSON.stringify(written))
    return written
  })
  return inBulk(corpus, work.immediate)
}

function putClusters(
  corpus: Db,
  factNos: Uint32Array,
  { clusters: { count, seedAt, rowsAt } }: MadeClusters,
  planNo: number,
  round: number,
  onCluster: (rows: ClusterRows, done: number) => void,
): void {
  const clusters = passX.write(corpus)
  const buildFactIndex = clusters.deferFactIndex()
  const { order, idAt } = orderByClusterId(count, (place) => {
    const { factId, key } = clusters.seedAt(factNos[seedAt(place)]!)
    return clusterIdOf(factId, round, key)
  })
  for (let done = 0; done < count; done++) {
    const place = order[done]!
    const rows = rowsAt(place)
    const planned = rows.map(({ rank, standing }) => ({ factNo: factNos[rank]!, standing }))
    clusters.put(idAt(place), round, planNo, planned)
    onCluster(rows, done + 1)
  }
  buildFactIndex()
}

/** What the same plan wrote before it was killed; undefined where another plan was the last to expand. */
export function savedSummary(corpus: Db, planNo: number): ExpandSummary | undefined {
  const saved = passX.write(corpus).savedSummary()
  const summary = saved === undefined ? undefined : expandSummarySchema.parse(JSON.parse(saved))
  return summary?.planNo === planNo ? summary : undefined
}
