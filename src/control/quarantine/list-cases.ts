/** The cases in quarantine over all shards, in hash order, whoever holds the shards. */
import {
  type QuarantinedCase,
  type QuarantineFilter,
  quarantineQueries,
} from '../../../db/queries/quarantine.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { caseListSchema, listedCaseSchema } from '../../../schemas/output/quarantine.ts'
import { splitVisited, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'

/** `limit` over all shards together; null for all. */
export type CaseFilter = Omit<QuarantineFilter, 'limit'> & {
  readonly limit: number | null
  /** Only these clusters; all if empty. */
  readonly clusterIds: readonly string[]
}

export type ListedCase = Inferred<typeof listedCaseSchema>

export type CaseList = Inferred<typeof caseListSchema>

export const ALL_CASES: CaseFilter = {
  code: null,
  domain: null,
  signature: null,
  model: null,
  state: null,
  limit: null,
  clusterIds: [],
}

export const WITHOUT_LIMIT = -1 // as SQLite understands it

/** Whether a cluster is one of those that the filter names, or it names none. */
export const isNamed = ({ clusterIds }: CaseFilter, clusterId: string): boolean =>
  clusterIds.length === 0 || clusterIds.includes(clusterId)

export function listCases(workspace: Workspace, { clusterIds, limit, ...filter }: CaseFilter): CaseList {
  const wanted = new Set(clusterIds)
  const isWanted = ({ clusterId }: QuarantinedCase): boolean => wanted.size === 0 || wanted.has(clusterId)
  const perShard = wanted.size === 0 ? (limit ?? WITHOUT_LIMIT) : WITHOUT_LIMIT
  const visited = visitShards(workspace, (db, { shardNo }) =>
    quarantineQueries(db)
      .list({ ...filter, limit: perShard })
      .filter(isWanted)
      .map((row): ListedCase => ({ shardNo, ...row })),
  )
  const { values, unreadable } = splitVisited(visited)
  return { cases: values.flat().slice(0, limit ?? undefined), unreadable }
}

/** @throws RffError not_found with those that were named and are no case */
export function expectAll(named: readonly string[], found: ReadonlySet<string>): void {
  const missing = named.filter((clusterId) => !found.has(clusterId))
  if (missing.length > 0)
    throw new RffError('not_found', `no case in quarantine for ${missing.join(', ')} (see quarantine ls)`)
}
