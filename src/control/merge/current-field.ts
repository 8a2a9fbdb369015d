import { RffError } from '../../../schemas/failure.ts'
import { filesOf } from './field-files.ts'
import { MERGED, readPointer } from './pointers.ts'

/**
 * @returns the path of the published field's SQLite file
 * @throws RffError field_missing where nothing was published yet
 */
export function currentFieldPath({ fieldDir, currentDir }: { fieldDir: string; currentDir: string }): string {
  const fieldTag = readPointer(currentDir, MERGED)
  if (fieldTag === null) throw new RffError('field_missing', `${currentDir} names no published field`)
  return filesOf(fieldDir, fieldTag).database
}
