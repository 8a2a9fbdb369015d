/** Cases with all that a person needs to judge them: the facts, the answer that failed last, and what failed in it. */
import { type CaseRecord, type ClusterRecord, clusterRecords } from '../../../db/queries/cluster-record.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { shownCaseSchema } from '../../../schemas/output/quarantine.ts'
import { visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { type CaseFilter, expectAll, listCases } from './list-cases.ts'

export type ShownCase = Inferred<typeof shownCaseSchema>

/** @throws RffError not_found */
export function showCases(workspace: Workspace, filter: CaseFilter): ShownCase[] {
  const { cases } = listCases(workspace, filter)
  expectAll(filter.clusterIds, new Set(cases.map(({ clusterId }) => clusterId)))
  const shardNos = new Set(cases.map(({ shardNo }) => shardNo))
  const visited = visitShards(workspace, (db, { shardNo }): ShownCase[] => {
    if (!shardNos.has(shardNo)) return []
    const records = clusterRecords(db)
    return cases
      .filter((row) => row.shardNo === shardNo)
      .flatMap(({ clusterId }) => {
        const cluster = records.cluster(clusterId)
        return cluster?.quarantine ? [shownCase(shardNo, cluster, cluster.quarantine)] : []
      })
  })
  return visited.flatMap((one) => (one.ok ? one.value : []))
}

export const shownCase = (shardNo: number, cluster: ClusterRecord, quarantine: CaseRecord): ShownCase => ({
  shardNo,
  cluster,
  quarantine,
  answer: cluster.attempts.findLast(({ answer }) => answer !== null)?.answer ?? null,
})
