/** Changes cases of the quarantine shard by shard. A shard that somebody works on is left alone, and named. */
import type { Db } from '../../../db/open.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { changedCasesSchema } from '../../../schemas/output/quarantine.ts'
import { changeShard, splitChanged } from '../change-shard.ts'
import { shardsOf, splitVisited } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { type CaseFilter, expectAll, listCases } from './list-cases.ts'

export type ChangedCases = Inferred<typeof changedCasesSchema>

/** @returns whether the case was changed; it may have changed hands since it was listed */
type ChangeCase = (clusterId: string) => boolean

/**
 * @param prepare is called once a shard, and what it returns once a case, all cases of a shard in one transaction
 * @throws RffError not_found where a cluster that was named is no case
 */
export function changeCases(
  workspace: Workspace,
  filter: CaseFilter,
  nowMs: number,
  prepare: (db: Db) => ChangeCase,
): ChangedCases {
  const { cases, unreadable } = listCases(workspace, filter)
  expectAll(filter.clusterIds, new Set(cases.map(({ clusterId }) => clusterId)))
  const idsOf = (shardNo: number): string[] =>
    cases.filter((row) => row.shardNo === shardNo).map(({ clusterId }) => clusterId)
  const changed = shardsOf(workspace)
    .filter(({ shardNo }) => idsOf(shardNo).length > 0)
    .map((shard) =>
      changeShard(workspace, shard, nowMs, (db, guard) => {
        const change = prepare(db)
        const changeAll = db.transaction(() => {
          guard()
          return idsOf(shard.shardNo).map((clusterId) => ({ clusterId, isChanged: change(clusterId) }))
        })
        return changeAll.immediate()
      }),
    )
  const { visited, held } = splitChanged(changed)
  const { values, unreadable: lost } = splitVisited(visited)
  const idsWhere = (wanted: boolean): string[] =>
    values.flat().flatMap(({ clusterId, isChanged }) => (isChanged === wanted ? [clusterId] : []))
  return {
    clusterIds: idsWhere(true),
    left: idsWhere(false),
    held: held.map((one) => ({ ...one, cases: idsOf(one.shardNo).length })),
    unreadable: [...unreadable, ...lost],
  }
}
