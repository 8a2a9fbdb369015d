/**
 * Makes the vector index of a field from vectors that are stored: no request, so it may be made at any time.
 *
 * Documents have the numbers of the search index. The same field and the same answers give the same file.
 */
import { renameSync, rmSync } from 'node:fs'
import { loadVec } from '../../../db/load-vec.ts'
import { openDb } from '../../../db/open.ts'
import type { StoredModel } from '../../../db/queries/embeddings.ts'
import { settle, setUnsafe } from '../../../db/queries/field-building.ts'
import type { SearchKind } from '../../../db/queries/search-reading.ts'
import { vectorBuilding } from '../../../db/queries/vector-index.ts'
import { SEARCH_KINDS } from '../../../schemas/search.ts'
import { digestOfText, embeddingTextOf, type TextSettings } from './embedding-text.ts'
import type { SearchableField } from './open-search.ts'
import { VECTOR_INDEX_VERSION } from './open-vectors.ts'
import { bitsOf, bitWidth, bytesOf, floatsOf, meanOf } from './vector-bits.ts'

export interface VectorIndexOrder {
  readonly indexPath: string
  readonly fieldDigest: string
  /** Names what the vectors are of: model, length and how texts are made. */
  readonly space: string
  /** As stored vectors have it. Not its number there, which hangs on what else was asked before. */
  readonly model: StoredModel
  readonly dimensions: number
  readonly settings: TextSettings
  /** The stored vector of a text. */
  vectorOf(textDigest: Buffer): Buffer | undefined
}

const PAGE = 2_000
/** More change a mean by less than would turn a bit in a hundred. */
const AVERAGED_MOST = 10_000

/** @returns how many documents of each kind have a vector */
export function buildVectorIndex(
  field: DocumentPages,
  order: VectorIndexOrder,
): Readonly<Record<SearchKind, number>> {
  const building = `${order.indexPath}.${process.pid}`
  rmSync(building, { force: true })
  const db = openDb(building, 'vectors', { mode: 'create' })
  const embedded = { concepts: 0, facts: 0 }
  try {
    loadVec(db)
    setUnsafe(db)
    const index = vectorBuilding(db, bitWidth(order.dimensions))
    for (const kind of SEARCH_KINDS) {
      const mean = meanOf(firstVectors(field, kind, order), order.dimensions)
      index.putMean(kind, bytesOf(mean))
      for (const page of pagesOf(field, kind))
        index.inTransaction(() => {
          for (const candidate of page) {
            const textDigest = digestOfText(embeddingTextOf(candidate, order.settings))
            const vector = order.vectorOf(textDigest)
            if (vector === undefined) continue
            index.put(kind, candidate.doc, textDigest, bitsOf(floatsOf(vector), mean))
            embedded[kind] += 1
          }
        })
      index.putMeta(`embedded_${kind}`, String(embedded[kind]))
    }
    index.putMeta('field_digest', order.fieldDigest)
    index.putMeta('index_version', String(VECTOR_INDEX_VERSION))
    index.putMeta('space', order.space)
    index.putMeta('model', JSON.stringify(order.model))
    settle(db)
  } finally {
    db.close()
  }
  renameSync(building, order.indexPath)
  return embedded
}

/** What documents are read from. */
export interface DocumentPages {
  readonly search: Pick<SearchableField['search'], 'page'>
}

export function* pagesOf({ search }: DocumentPages, kind: SearchKind) {
  for (let after = 0; ; ) {
    const page = search.page(kind, after, PAGE)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    after = last.doc
  }
}

function* firstVectors(
  field: DocumentPages,
  kind: SearchKind,
  { settings, vectorOf }: VectorIndexOrder,
): Iterable<Float32Array> {
  let found = 0
  for (const page of pagesOf(field, kind)) {
    for (const candidate of page) {
      const vector = vectorOf(digestOfText(embeddingTextOf(candidate, settings)))
      if (vector === undefined) continue
      yield floatsOf(vector)
      found += 1
      if (found === AVERAGED_MOST) return
    }
  }
}
