/** What follows from outcomes that the host wrote: deltas, and the lines for people. Both may be behind after a crash, never wrong. */
import type { Db } from '../../db/open.ts'
import { runQueries } from '../../db/queries/runs.ts'
import type { Config } from '../../schemas/config.ts'
import { passM } from '../passes/40-m-materialise/stage.ts'
import { runStage } from '../runner/run-stage.ts'
import { writeOutcomeLines } from '../runner/write-outcome-lines.ts'
import type { Workspace } from './workspace.ts'

interface Written {
  readonly shardNo: number
  /** The runs whose outcomes were written. */
  readonly runIds: ReadonlySet<number>
  readonly guard: () => void
}

export function followOutcomes(
  workspace: Workspace,
  { structure: { keepDomainsApart } }: Config,
  db: Db,
  { shardNo, runIds, guard }: Written,
): void {
  runStage(db, passM({ keepDomainsApart }), guard)
  for (const { runId, runTag } of runQueries(workspace.control).all()) {
    if (runIds.has(runId)) writeOutcomeLines(db, { runId, shardNo, dir: workspace.runDir(runTag), guard })
  }
}
