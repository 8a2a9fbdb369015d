/** The read side of a field: its file, with the corpus beside it for the texts of the facts. */
import { existsSync } from 'node:fs'
import { type Db, openDb } from '../../db/open.ts'
import { fieldOrigins } from '../../db/queries/field-origins.ts'
import { fieldPages } from '../../db/queries/field-pages.ts'
import { fieldReading } from '../../db/queries/field-reading.ts'
import { attachReadOnly } from '../../db/queries/run-check.ts'
import { RffError } from '../../schemas/failure.ts'

export interface Field {
  readonly db: Db
  readonly reading: ReturnType<typeof fieldReading>
  readonly pages: ReturnType<typeof fieldPages>
  readonly origins: ReturnType<typeof fieldOrigins>
  close(): void
}

/**
 * Opens for reading only, so a merge that goes on is not disturbed, and a published field does not change any more.
 *
 * @throws RffError field_missing, input_not_found where there is no corpus, schema_newer, shard_damaged
 */
export function openField(fieldPath: string, corpusPath: string): Field {
  if (!existsSync(fieldPath)) throw new RffError('field_missing', `there is no field at ${fieldPath}`)
  if (!existsSync(corpusPath)) throw new RffError('input_not_found', `there is no corpus at ${corpusPath}`)
  const db = openDb(fieldPath, 'field', { mode: 'read' })
  try {
    attachReadOnly(db, { corpus: corpusPath })
    const [reading, pages, origins] = [fieldReading(db), fieldPages(db), fieldOrigins(db)]
    return { db, reading, pages, origins, close: () => db.close() }
  } catch (cause) {
    db.close()
    throw cause
  }
}
