/** A field with its search index beside it, on one connection that reads. */
import { existsSync } from 'node:fs'
import { openDb } from '../../../db/open.ts'
import { attachReadOnly } from '../../../db/queries/run-check.ts'
import { type FacetRow, searchReading } from '../../../db/queries/search-reading.ts'
import { asFailure } from '../../../schemas/as-failure.ts'
import { type Field, openField } from '../open-field.ts'
import { INDEX_VERSION, type IndexOrder } from './build-index.ts'
import { openVectors, type VectorFiles, type VectorsOpened } from './open-vectors.ts'

export interface SearchableField extends Field {
  readonly search: ReturnType<typeof searchReading>
  readonly facets: readonly FacetRow[]
  readonly fieldTag: string
  readonly vectors: VectorsOpened
}

export type IndexFiles = Pick<IndexOrder, 'indexPath' | 'fieldPath' | 'corpusPath' | 'fieldDigest'> &
  VectorFiles

/** @returns null where there is no index yet, or one of another field or version, or one that cannot be read */
export function openSearch(files: IndexFiles, fieldTag: string): SearchableField | null {
  if (!isSound(files.indexPath)) return null
  const field = openField(files.fieldPath, files.corpusPath)
  try {
    attachReadOnly(field.db, { search: files.indexPath })
    const search = searchReading(field.db)
    const isOfField =
      search.meta('field_digest') === files.fieldDigest &&
      search.meta('index_version') === String(INDEX_VERSION)
    if (isOfField)
      return { ...field, search, facets: search.facets(), fieldTag, vectors: openVectors(field.db, files) }
    field.close()
    return null
  } catch (cause) {
    field.close()
    throw cause
  }
}

/** Whatever is wrong with an index, it is made again; so nothing of it is worth an error. */
const REBUILT: ReadonlySet<string> = new Set([
  'shard_damaged',
  'schema_newer',
  'schema_older',
  'schema_behind',
  'plan_mismatch',
])

function isSound(indexPath: string): boolean {
  if (!existsSync(indexPath)) return false
  try {
    openDb(indexPath, 'search', { mode: 'read' }).close()
    return true
  } catch (cause) {
    if (REBUILT.has(asFailure(cause).code)) return false
    throw cause
  }
}
