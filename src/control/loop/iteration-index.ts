/** runs/index.jsonl: one line for every end of an iteration, good or bad; append-only. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IterationRow } from '../../../db/queries/iterations.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'
import { appendLine, readWholeLines } from '../append-line.ts'
import { filesOf } from '../merge/field-files.ts'
import type { Workspace } from '../workspace.ts'

/**
 * Once for each try, and its good end once for all: whoever died behind the line and before its row does not write it
 * again.
 */
export function noteIteration(workspace: Workspace, iteration: IterationRow, nowMs: number): void {
  const path = join(workspace.runsDir, 'index.jsonl')
  const key = keyOf(iteration)
  const isThere = iteration.state === 'done' ? isEndOf(iteration) : (line: string) => line.startsWith(key)
  if (readWholeLines(path).some(isThere)) return
  makeFolder(workspace.runsDir)
  const rest = {
    step: iteration.step,
    seeds: iteration.seeds,
    run_tag: iteration.runTag,
    field_tag: iteration.fieldTag,
    field_digest: digestOf(workspace, iteration.fieldTag),
    failure: iteration.failure,
    created_at: new Date(iteration.createdAtMs).toISOString(),
    ended_at: new Date(nowMs).toISOString(),
  }
  appendLine(path, `${key}${JSON.stringify(rest).slice(1)}`)
}

/** How each line begins, so that it can be found again. */
const keyOf = ({ iterationNo, tries, state }: IterationRow): string =>
  `{"iteration":${iterationNo},"try":${tries},"state":"${state}",`

const isEndOf = ({ iterationNo }: IterationRow): ((line: string) => boolean) => {
  const end = new RegExp(`^\\{"iteration":${iterationNo},"try":\\d+,"state":"done",`)
  return (line) => end.test(line)
}

function digestOf({ fieldDir }: Workspace, fieldTag: string | null): string | null {
  if (fieldTag === null) return null
  const { manifest } = filesOf(fieldDir, fieldTag)
  if (!existsSync(manifest)) return null
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { field_digest: string }).field_digest
}
