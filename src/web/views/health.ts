/** The health of a field beside that of the field that it grew from. */
import { fieldRegister } from '../../../db/queries/field-register.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Health } from '../../../schemas/health.ts'
import type { FieldList, HealthPage } from '../../../schemas/page/health.ts'
import { readHealth } from '../../control/merge/field-files.ts'
import { MERGED, readPointer } from '../../control/merge/pointers.ts'
import { fieldNamed } from '../../control/status/field-named.ts'
import type { Workspace } from '../../control/workspace.ts'

export const fieldList = ({ control, currentDir }: Workspace): FieldList => ({
  current: readPointer(currentDir, MERGED),
  fields: fieldRegister(control)
    .all()
    .map(({ fieldTag, baseTag, state }) => ({ fieldTag, baseTag, state }))
    .reverse(),
})

/** @throws RffError field_missing, usage */
export function healthView(workspace: Workspace, fieldTag: string): HealthPage {
  const health = readHealth(fieldNamed(workspace, fieldTag).files)
  const baseTag = health.against_base?.base_tag ?? null
  return { health, before: baseTag === null ? null : readIfThere(workspace, baseTag) }
}

/** An older field may be archived. */
function readIfThere(workspace: Workspace, fieldTag: string): Health | null {
  try {
    return readHealth(fieldNamed(workspace, fieldTag).files)
  } catch (cause) {
    if (cause instanceof RffError && cause.code === 'field_missing') return null
    throw cause
  }
}
