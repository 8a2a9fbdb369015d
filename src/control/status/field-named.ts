/** Which field is meant: one by its tag, or the one that is published. */
import { RffError } from '../../../schemas/failure.ts'
import { fieldTagSchema } from '../../../schemas/manifest.ts'
import { type FieldFiles, filesOf } from '../merge/field-files.ts'
import { MERGED, readPointer } from '../merge/pointers.ts'
import type { Workspace } from '../workspace.ts'

export interface NamedField {
  readonly fieldTag: string
  readonly files: FieldFiles
}

/**
 * @param fieldTag null for the field that MERGED points at
 * @throws RffError usage for what is no tag, since a tag becomes part of a path; field_missing where nothing was
 *   published yet
 */
export function fieldNamed(
  { dir, fieldDir, currentDir }: Pick<Workspace, 'dir' | 'fieldDir' | 'currentDir'>,
  fieldTag: string | null,
): NamedField {
  const tag = fieldTag ?? readPointer(currentDir, MERGED)
  if (tag === null) throw new RffError('field_missing', `no field was published in ${dir} yet`)
  if (!fieldTagSchema.safeParse(tag).success)
    throw new RffError('usage', `${tag} is not the tag of a field, expected YYYYMMDD_HHMMSS`)
  return { fieldTag: tag, files: filesOf(fieldDir, tag) }
}
