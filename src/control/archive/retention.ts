/** Which runs and fields stay: what is published, what is open, and the newest ones. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fieldRegister } from '../../../db/queries/field-register.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import type { ArchivedKind } from '../../../schemas/archive.ts'
import { CONVENIENCES, MERGED, readPointer } from '../merge/pointers.ts'
import type { Workspace } from '../workspace.ts'

export interface Retiring {
  readonly name: string
  readonly kind: ArchivedKind
  readonly tag: string
  /** Relative to the workspace. */
  readonly original: string
}

/**
 * @param keep newest runs, and newest fields, that stay
 * @returns what may go, oldest first
 */
export function findRetiring(workspace: Workspace, keep: number): Retiring[] {
  return [...oldRuns(workspace, keep), ...oldFields(workspace, keep)].filter(({ original }) =>
    existsSync(join(workspace.dir, original)),
  )
}

export const retiringOf = (kind: ArchivedKind, tag: string): Retiring => ({
  name: `${kind}-${tag}`,
  kind,
  tag,
  original: `${kind === 'run' ? 'runs' : 'field'}/${tag}`,
})

function oldRuns({ control }: Workspace, keep: number): Retiring[] {
  const runs = runQueries(control).all()
  return runs
    .slice(0, Math.max(0, runs.length - keep))
    .filter(({ state }) => state === 'closed')
    .map(({ runTag }) => retiringOf('run', runTag))
}

function oldFields({ control, currentDir }: Workspace, keep: number): Retiring[] {
  const pointed = new Set(
    ([MERGED, ...CONVENIENCES] as const).map((pointer) => readPointer(currentDir, pointer)),
  )
  const fields = fieldRegister(control)
    .all()
    .filter(({ state }) => state !== 'building')
    .map(({ fieldTag }) => fieldTag)
  return fields
    .slice(0, Math.max(0, fields.length - keep))
    .filter((fieldTag) => !pointed.has(fieldTag))
    .map((fieldTag) => retiringOf('field', fieldTag))
}
