/** The cases in quarantine as JSONL for other tools: what show has, one case a line, in hash order. */
import { clusterRecords } from '../../../db/queries/cluster-record.ts'
import { quarantineQueries } from '../../../db/queries/quarantine.ts'
import { splitVisited, type UnreadableShard, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { type CaseFilter, isNamed, WITHOUT_LIMIT } from './list-cases.ts'
import { shownCase } from './show-cases.ts'

export interface ExportedCases {
  readonly cases: number
  readonly unreadable: readonly UnreadableShard[]
}

/** @param write gets each line as soon as it is read, so memory holds one case */
export function exportCases(
  workspace: Workspace,
  filter: CaseFilter,
  write: (line: string) => void,
): ExportedCases {
  const { clusterIds: _, limit, ...where } = filter
  let left = limit ?? Number.POSITIVE_INFINITY
  const visited = visitShards(workspace, (db, { shardNo }): number => {
    const records = clusterRecords(db)
    let cases = 0
    for (const { clusterId, model } of quarantineQueries(db).each({ ...where, limit: WITHOUT_LIMIT })) {
      if (left === 0) break
      const cluster = records.cluster(clusterId)
      if (!isNamed(filter, clusterId) || !cluster?.quarantine) continue
      const { seedFactId, domain, members, attempts } = cluster
      const { quarantine, answer } = shownCase(shardNo, cluster, cluster.quarantine)
      const { attemptId: __, ...found } = quarantine
      write(
        JSON.stringify({
          clusterId,
          shardNo,
          seedFactId,
          domain,
          model,
          ...found,
          facts: members,
          answer,
          asked: attempts.length,
        }),
      )
      cases += 1
      left -= 1
    }
    return cases
  })
  const { values, unreadable } = splitVisited(visited)
  return { cases: values.reduce((sum, cases) => sum + cases, 0), unreadable }
}
