import { RffError } from '../../../schemas/failure.ts'
import { type FieldFiles, filesOf } from '../merge/field-files.ts'
import { MERGED, readPointer } from '../merge/pointers.ts'
import type { Workspace } from '../workspace.ts'

/**
 * The field that MERGED points at.
 *
 * @throws RffError field_missing where nothing was published yet
 */
export function currentField({
  dir,
  fieldDir,
  currentDir,
}: Pick<Workspace, 'dir' | 'fieldDir' | 'currentDir'>): {
  readonly fieldTag: string
  readonly files: FieldFiles
} {
  const fieldTag = readPointer(currentDir, MERGED)
  if (fieldTag === null) throw new RffError('field_missing', `no field was published in ${dir} yet`)
  return { fieldTag, files: filesOf(fieldDir, fieldTag) }
}
