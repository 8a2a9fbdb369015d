/**
 * Where the money of a run went wrong, and what was done about it: what each code cost, what salvage saved, what the
 * repair and expensive lanes bought.
 */
import { type CodeCost, type LaneYield, moneyByCode } from '../../../db/queries/money-by-code.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { economicsSchema, salvageSavingSchema } from '../../../schemas/output/spend.ts'
import { LANES } from '../../../schemas/states.ts'
import { figures } from '../figures.ts'
import type { Workspace } from '../workspace.ts'
import { splitVisited, type Visited, visitShards } from './visit-shards.ts'

export type SalvageSaving = Inferred<typeof salvageSavingSchema>

export type Economics = Inferred<typeof economicsSchema>

/**
 * @param runTag null for all runs
 * @throws RffError not_found
 */
export function economics(workspace: Workspace, runTag: string | null): Economics {
  const runId = runTag === null ? null : runIdOf(workspace, runTag)
  return economicsOf(visitShards(workspace, (db) => moneyByCode(db, runId)))
}

/** The same from what was read of the shards already. */
export function economicsOf(visited: readonly Visited<ReturnType<typeof moneyByCode>>[]): Economics {
  const { values, unreadable } = splitVisited(visited)
  const lanes = LANES.flatMap((lane) => {
    const rows = values.flatMap((one) => one.lanes.filter((row) => row.lane === lane))
    return rows.length === 0 ? [] : [rows.reduce((a, b) => LANE_FIGURES.add(a, b))]
  })
  const salvaged = values.reduce((sum, { salvage }) => sum + salvage.afterPrimary, 0)
  const others = values.reduce((sum, { salvage }) => sum + salvage.afterRepair + salvage.afterExpensive, 0)
  return {
    codes: uniteCodes(values.flatMap((one) => one.codes)),
    lanes,
    salvage: savingOf(
      salvaged,
      others,
      lanes.find(({ lane }) => lane === 'repair'),
    ),
    microUsd: lanes.reduce((sum, { microUsd }) => sum + microUsd, 0),
    unreadable,
  }
}

function runIdOf({ control }: Workspace, runTag: string): number {
  const run = runQueries(control)
    .all()
    .find((row) => row.runTag === runTag)
  if (run === undefined) throw new RffError('not_found', `there is no run ${runTag}`)
  return run.runId
}

/** A first answer that salvage made good would have had a repair call; a later one had no cheap call left to save. */
function savingOf(afterPrimary: number, others: number, repair: LaneYield | undefined): SalvageSaving {
  const clusters = afterPrimary + others
  if (repair === undefined || repair.calls === 0) return { clusters, savedMicroUsd: null, savedTokens: null }
  return {
    clusters,
    savedMicroUsd: Math.round((afterPrimary * repair.microUsd) / repair.calls),
    savedTokens: Math.round((afterPrimary * repair.tokens) / repair.calls),
  }
}

const LANE_FIGURES = figures('calls', 'clusters', 'clustersOk', 'tokens', 'microUsd')
const CODE_FIGURES = figures('attempts', 'salvaged', 'tokens', 'microUsd')

function uniteCodes(rows: readonly CodeCost[]): CodeCost[] {
  const united = new Map<string, CodeCost>()
  for (const row of rows) {
    const known = united.get(row.code)
    united.set(row.code, known === undefined ? row : CODE_FIGURES.add(known, row))
  }
  return [...united.values()].sort(
    (a, b) => b.microUsd - a.microUsd || b.tokens - a.tokens || (a.code < b.code ? -1 : 1),
  )
}
