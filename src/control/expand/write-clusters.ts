/** All clusters of an expansion into the corpus file, in one transaction, with the summary of what they are. */
import type { Db } from '../../../db/open.ts'
import { clusterIdOf } from '../../../schemas/ids.ts'
import type { ClusterRow } from '../../passes/20-x-expand/lay-out-clusters.ts'
import { passX } from '../../passes/20-x-expand/stage.ts'
import type { ExpandShape } from './expand-options.ts'
import { type ExpandSummary, expandSummarySchema, tallyClusters } from './expand-summary.ts'
import type { MadeClusters } from './make-clusters.ts'

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
  { round, isCovering }: ClusterKind,
  { write = true, onProgress }: ExpandShape,
): ExpandSummary {
  const clusters = passX.write(corpus)
  const coverage = passX.read(corpus)
  const tally = tallyClusters()
  const put = (rows: readonly ClusterRow[]): void => {
    const planned = rows.map(({ rank, standing }) => ({ factNo: factNos[rank]!, standing }))
    const clusterId = clusterIdOf(clusters.factIdAt(planned[0]!.factNo), round)
    clusters.put(clusterId, round, frame.planNo, planned)
    if (!isCovering) return
    for (const { factNo, standing } of planned) {
      if (standing !== 'context') coverage.putCovered(factNo, standing, clusterId)
    }
  }
  const work = (): ExpandSummary => {
    let done = 0
    for (const rows of made.clusters) {
      tally.add(rows)
      if (write) put(rows)
      if (++done % PROGRESS_CLUSTERS === 0) onProgress?.({ step: 'write', done, total: done })
    }
    let unselectedCount = 0
    for (const rank of made.unselected) {
      unselectedCount++
      if (write) coverage.putUnselected(factNos[rank]!)
    }
    const summary = { ...frame, ...tally.tally(), unselectedCount, roundCount: made.roundCount }
    if (write) clusters.saveSummary(JSON.stringify(summary))
    return summary
  }
  return write ? corpus.transaction(work).immediate() : work()
}

/** What the same plan wrote before it was killed; undefined where another plan was the last to expand. */
export function savedSummary(corpus: Db, planNo: number): ExpandSummary | undefined {
  const saved = passX.write(corpus).savedSummary()
  const summary = saved === undefined ? undefined : expandSummarySchema.parse(JSON.parse(saved))
  return summary?.planNo === planNo ? summary : undefined
}
