/** What search asks of its index, which is attached to the field's connection as `search`, beside `corpus`. */
import type { Db } from '../open.ts'

export type SearchKind = 'concepts' | 'facts'

export interface FacetRow {
  readonly mark: string
  readonly facet: 'domain' | 'relation' | 'run' | 'support'
  readonly value: string
  readonly concepts: number
  readonly facts: number
}

/** A document that matches, with all that its place among the others depends on. */
export interface Candidate {
  /** The smaller, the better connected. */
  readonly doc: number
  readonly id: string
  readonly marks: string
  /** A concept's name; empty for a fact. */
  readonly name: string
  /** A concept's aliases, a line each; empty for a fact. */
  readonly aliases: string
  /** A concept's gloss, or a fact's text. */
  readonly text: string
}

const CONCEPT = `
  SELECT d.doc, d.concept_id AS id, d.marks, c.name, coalesce((SELECT group_concat(alias, char(10)) FROM
    aliases a WHERE a.concept_id = d.concept_id), '') AS aliases, c.gloss AS text`
const FACT = `SELECT d.doc, d.fact_id AS id, d.marks, '' AS name, '' AS aliases, coalesce(f.text, '') AS text`
const CONCEPT_TABLES = 'search.concept_docs d JOIN concepts c ON c.concept_id = d.concept_id'
const FACT_TABLES = 'search.fact_docs d LEFT JOIN corpus.facts f ON f.fact_id = d.fact_id'

const matching = (index: string, columns: string, tables: string): string => `
  ${columns} FROM (SELECT rowid FROM search.${index} WHERE ${index} MATCH @query ORDER BY rowid LIMIT @limit) m
  CROSS JOIN ${tables} WHERE d.doc = m.rowid ORDER BY d.doc`

export function searchReading(db: Db) {
  const match = {
    concepts: db.prepare<object, Candidate>(matching('concept_index', CONCEPT, CONCEPT_TABLES)),
    facts: db.prepare<object, Candidate>(matching('fact_index', FACT, FACT_TABLES)),
  }
  const leaders = {
    concepts: db.prepare<object, Candidate>(`${CONCEPT} FROM ${CONCEPT_TABLES} ORDER BY d.doc LIMIT @limit`),
    facts: db.prepare<object, Candidate>(`${FACT} FROM ${FACT_TABLES} ORDER BY d.doc LIMIT @limit`),
  }
  const pages = {
    concepts: db.prepare<object, Candidate>(
      `${CONCEPT} FROM ${CONCEPT_TABLES} WHERE d.doc > @after ORDER BY d.doc LIMIT @limit`,
    ),
    facts: db.prepare<object, Candidate>(
      `${FACT} FROM ${FACT_TABLES} WHERE d.doc > @after ORDER BY d.doc LIMIT @limit`,
    ),
  }
  const these = {
    concepts: db.prepare<[string], Candidate>(
      `${CONCEPT} FROM ${CONCEPT_TABLES} WHERE d.doc IN (SELECT value FROM json_each(?)) ORDER BY d.doc`,
    ),
    facts: db.prepare<[string], Candidate>(
      `${FACT} FROM ${FACT_TABLES} WHERE d.doc IN (SELECT value FROM json_each(?)) ORDER BY d.doc`,
    ),
  }
  const counting = (index: string) =>
    db
      .prepare<object, number>(
        `SELECT count(*) FROM (SELECT 1 FROM search.${index} WHERE ${index} MATCH @query LIMIT @limit)`,
      )
      .pluck()
  const counts = { concepts: counting('concept_index'), facts: counting('fact_index') }
  const total = {
    concepts: db.prepare<[], number>('SELECT coalesce(max(doc), 0) FROM search.concept_docs').pluck(),
    facts: db.prepare<[], number>('SELECT coalesce(max(doc), 0) FROM search.fact_docs').pluck(),
  }
  const named = db.prepare<object, Candidate>(
    `${CONCEPT} FROM aliases n CROSS JOIN ${CONCEPT_TABLES}
     WHERE n.normalised_alias = @name AND d.concept_id = n.concept_id ORDER BY d.doc LIMIT @limit`,
  )
  const facets = db.prepare<[], FacetRow>(
    'SELECT mark, facet, value, concepts, facts FROM search.facets ORDER BY mark',
  )
  const meta = db.prepare<[string], string>('SELECT value FROM search.index_meta WHERE key = ?').pluck()
  return {
    /** Best connected first. @param query in the language of FTS5 */
    matching: (kind: SearchKind, query: string, limit: number): Candidate[] =>
      match[kind].all({ query, limit }),
    /** All documents, page by page. @param after 0 for the first page */
    page: (kind: SearchKind, after: number, limit: number): Candidate[] => pages[kind].all({ after, limit }),
    /** Best connected first. */
    these: (kind: SearchKind, docs: readonly number[]): Candidate[] => these[kind].all(JSON.stringify(docs)),
    leaders: (kind: SearchKind, limit: number): Candidate[] => leaders[kind].all({ limit }),
    /** Matches, counted up to `limit`. */
    countUpTo: (kind: SearchKind, query: string, limit: number): number =>
      counts[kind].get({ query, limit })!,
    total: (kind: SearchKind): number => total[kind].get()!,
    /** Concepts that bear exactly this name or alias, normalised. */
    named: (name: string, limit: number): Candidate[] => named.all({ name, limit }),
    facets: (): FacetRow[] => facets.all(),
    meta: (key: string): string | undefined => meta.get(key),
  }
}
