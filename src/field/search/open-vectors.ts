/** The vector index of a field, attached to the connection that searches it; or why there is none. */
import { existsSync, statSync } from 'node:fs'
import { loadVec } from '../../../db/load-vec.ts'
import { type Db, openDb } from '../../../db/open.ts'
import type { StoredModel } from '../../../db/queries/embeddings.ts'
import { attachReadOnly } from '../../../db/queries/run-check.ts'
import type { SearchKind } from '../../../db/queries/search-reading.ts'
import { vectorMeta, vectorReading } from '../../../db/queries/vector-index.ts'
import { asFailure } from '../../../schemas/as-failure.ts'
import type { Failure } from '../../../schemas/failure.ts'

/** Of the index, not of the vectors: raise it when the same ones are to give another file. */
export const VECTOR_INDEX_VERSION = 2

export interface VectorIndex {
  readonly reading: ReturnType<typeof vectorReading>
  readonly modelNo: number
  /** What its vectors are of; those of another space cannot be compared with them. */
  readonly space: string
  readonly embedded: Readonly<Record<SearchKind, number>>
}

export type VectorsOpened =
  | { readonly ok: true; readonly index: VectorIndex }
  | { readonly ok: false; readonly failure: Failure }

export interface VectorFiles {
  readonly vectorsPath: string
  readonly embeddingsPath: string
  readonly fieldDigest: string
}

/** Nothing that is wrong with vectors stops a search: it goes by words then, and says why. */
export function openVectors(db: Db, files: VectorFiles): VectorsOpened {
  const { vectorsPath, embeddingsPath, fieldDigest } = files
  if (!existsSync(vectorsPath) || !existsSync(embeddingsPath))
    return missing('nothing of this field is embedded yet')
  try {
    openDb(vectorsPath, 'vectors', { mode: 'read' }).close()
    openDb(embeddingsPath, 'embeddings', { mode: 'read' }).close()
    loadVec(db)
    attachReadOnly(db, { vectors: vectorsPath, embeddings: embeddingsPath })
    const meta = vectorMeta(db, 'vectors')
    const isOfField =
      meta.get('field_digest') === fieldDigest && meta.get('index_version') === String(VECTOR_INDEX_VERSION)
    if (!isOfField) return missing('the vector index is of another field or version')
    const embedded = {
      concepts: Number(meta.get('embedded_concepts')),
      facts: Number(meta.get('embedded_facts')),
    }
    const reading = vectorReading(db)
    const modelNo = reading.modelNo(JSON.parse(meta.get('model')!) as StoredModel)
    if (modelNo === undefined) return missing('the vectors that the index was made from are not in store')
    return { ok: true, index: { reading, modelNo, space: meta.get('space')!, embedded } }
  } catch (cause) {
    const failure = asFailure(cause)
    if (failure.code === 'internal') throw cause
    return { ok: false, failure }
  }
}

/** Changes when the index is made anew: whoever holds it open reads the one before. */
export const stampOfVectors = ({ vectorsPath }: Pick<VectorFiles, 'vectorsPath'>): string => {
  const found = statSync(vectorsPath, { throwIfNoEntry: false })
  return found === undefined ? 'none' : `${found.ino} ${found.mtimeMs}`
}

const missing = (message: string): VectorsOpened => ({
  ok: false,
  failure: { code: 'embeddings_missing', message },
})
