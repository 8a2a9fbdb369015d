/** Puts cases back into the frontier, with what a person wrote for them undone. */
import { deltaQueries } from '../../../db/queries/deltas.ts'
import { quarantineQueries } from '../../../db/queries/quarantine.ts'
import type { Workspace } from '../workspace.ts'
import { type ChangedCases, changeCases } from './change-cases.ts'
import type { CaseFilter } from './list-cases.ts'

/** @throws RffError not_found where a cluster that was named is no case */
export const retryCases = (workspace: Workspace, filter: CaseFilter, nowMs: number): ChangedCases =>
  changeCases(workspace, filter, nowMs, (db) => {
    const cases = quarantineQueries(db)
    const deltas = deltaQueries(db)
    return (clusterId) => {
      const isRetried = cases.retry(clusterId)
      if (isRetried) deltas.remove(clusterId)
      return isRetried
    }
  })
