import { join } from 'node:path'
import { runQueries } from '../../../db/queries/runs.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { RunManifest } from '../../../schemas/run-manifest.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'
import { writeDurably } from '../merge/write-durably.ts'
import type { Workspace } from '../workspace.ts'

/** What changes while a run goes on. */
export type RunReport = Pick<RunManifest, 'state' | 'stage' | 'stop' | 'counts' | 'metrics'> & {
  readonly nowMs: number
}

/**
 * Replaces the manifest of a run; whoever reads it meanwhile sees the old one or the new one, whole.
 *
 * @returns its path
 * @throws RffError not_found where there is no such run
 */
export function writeRunManifest(workspace: Workspace, runTag: string, report: RunReport): string {
  const run = runQueries(workspace.control)
    .all()
    .find((row) => row.runTag === runTag)
  if (run === undefined) throw new RffError('not_found', `there is no run ${runTag}`)
  const { nowMs, ...told } = report
  const manifest: RunManifest = {
    format: 1,
    run_tag: runTag,
    run_id: run.runId,
    plan_no: run.planNo,
    task: run.task,
    ...told,
    updated_at: new Date(nowMs).toISOString(),
  }
  const dir = workspace.runDir(runTag)
  makeFolder(dir)
  const path = join(dir, 'manifest.json')
  writeDurably(path, `${JSON.stringify(manifest, null, 2)}\n`)
  return path
}
