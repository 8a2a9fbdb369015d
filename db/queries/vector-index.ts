/** The vector index of a field: filled from stored vectors, and asked for what lies near one. */
import type { Db } from '../open.ts'
import type { StoredModel } from './embeddings.ts'
import type { SearchKind } from './search-reading.ts'

const TABLES = {
  concepts: { vectors: 'concept_vectors', bits: 'concept_bits', marks: 'concept_index' },
  facts: { vectors: 'fact_vectors', bits: 'fact_bits', marks: 'fact_index' },
} as const

/** The connection has sqlite-vec. @param width of a row of bits, a multiple of eight */
export function vectorBuilding(db: Db, width: number) {
  for (const { bits } of Object.values(TABLES))
    db.exec(`CREATE VIRTUAL TABLE ${bits} USING vec0 (bits bit[${width}])`)
  const putBits = {
    concepts: db.prepare('INSERT INTO concept_bits (rowid, bits) VALUES (?, vec_bit(?))'),
    facts: db.prepare('INSERT INTO fact_bits (rowid, bits) VALUES (?, vec_bit(?))'),
  }
  const putDigest = {
    concepts: db.prepare('INSERT INTO concept_vectors (doc, text_digest) VALUES (?, ?)'),
    facts: db.prepare('INSERT INTO fact_vectors (doc, text_digest) VALUES (?, ?)'),
  }
  const putMean = db.prepare('INSERT INTO means (kind, mean) VALUES (?, ?)')
  const putMeta = db.prepare('INSERT INTO index_meta (key, value) VALUES (?, ?)')
  return {
    put(kind: SearchKind, doc: number, textDigest: Buffer, bits: Buffer): void {
      // sqlite-vec takes nothing but an integer for a rowid, and a number is bound as a float.
      putBits[kind].run(BigInt(doc), bits)
      putDigest[kind].run(doc, textDigest)
    },
    putMean: (kind: SearchKind, mean: Buffer): void => void putMean.run(kind, mean),
    putMeta: (key: string, value: string): void => void putMeta.run(key, value),
    inTransaction: (act: () => void): void => db.transaction(act)(),
  }
}

export interface NearVector {
  readonly doc: number
  /** 32-bit floats. */
  readonly vector: Buffer
}

/** What an index file says of itself, before it is known whether it can be used. */
export const vectorMeta = (db: Db, schema: string): ReadonlyMap<string, string> =>
  new Map(
    db
      .prepare<[], { key: string; value: string }>(`SELECT key, value FROM ${schema}.index_meta`)
      .all()
      .map(({ key, value }) => [key, value]),
  )

/** The index is attached as `vectors`, the stored vectors as `embeddings`, beside `search`; and sqlite-vec is loaded. */
export function vectorReading(db: Db) {
  const nearest = (kind: SearchKind, filter: string) =>
    db
      .prepare<object, number>(
        `SELECT rowid FROM vectors.${TABLES[kind].bits} WHERE bits MATCH vec_bit(@bits) AND k = @k ${filter}`,
      )
      .pluck()
  const marked = (kind: SearchKind): string => {
    const { marks } = TABLES[kind]
    return `AND rowid IN (SELECT rowid FROM search.${marks} WHERE ${marks} MATCH @marks)`
  }
  const near = {
    concepts: { all: nearest('concepts', ''), marked: nearest('concepts', marked('concepts')) },
    facts: { all: nearest('facts', ''), marked: nearest('facts', marked('facts')) },
  }
  const stored = (kind: SearchKind) =>
    db.prepare<object, NearVector>(
      `SELECT d.doc, v.vector FROM vectors.${TABLES[kind].vectors} d
       JOIN embeddings.vectors v ON v.model_no = @modelNo AND v.text_digest = d.text_digest
       WHERE d.doc IN (SELECT value FROM json_each(@docs)) ORDER BY d.doc`,
    )
  const vectors = { concepts: stored('concepts'), facts: stored('facts') }
  const ofText = db
    .prepare<[number, Buffer], Buffer>(
      'SELECT vector FROM embeddings.vectors WHERE model_no = ? AND text_digest = ?',
    )
    .pluck()
  const modelNo = db
    .prepare<StoredModel, number>(
      `SELECT model_no FROM embeddings.models
       WHERE provider = @provider AND model = @model AND dimensions_asked = @dimensionsAsked`,
    )
    .pluck()
  const mean = db.prepare<[string], Buffer>('SELECT mean FROM vectors.means WHERE kind = ?').pluck()
  return {
    modelNo: (model: StoredModel): number | undefined => modelNo.get(model),
    /** By Hamming distance, which is near to the true one. @param marks in the language of FTS5; null for all */
    near(kind: SearchKind, bits: Buffer, k: number, marks: string | null): number[] {
      return marks === null ? near[kind].all.all({ bits, k }) : near[kind].marked.all({ bits, k, marks })
    },
    vectors: (kind: SearchKind, modelNo: number, docs: readonly number[]): NearVector[] =>
      vectors[kind].all({ modelNo, docs: JSON.stringify(docs) }),
    /** Of any text that was asked for, such as a query. */
    ofText: (modelNo: number, textDigest: Buffer): Buffer | undefined => ofText.get(modelNo, textDigest),
    mean: (kind: SearchKind): Buffer | undefined => mean.get(kind),
  }
}
