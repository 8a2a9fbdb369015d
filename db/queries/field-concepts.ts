/** Concepts of a field, written page by page from the raw rows that each is made of. */
import * as z from 'zod'
import type { FieldConcept, RawConcept } from '../../schemas/field-concept.ts'
import type { Db } from '../open.ts'

const aliasesSchema = z.array(z.string())

/** Columns of a page in the order of RawConcept. */
type RawRow = [string, string, string, string, string, string, string, string, string]

/** The raw rows of adjoining canonical concepts, ordered by concept, raw concept and cluster. */
export interface ConceptPage {
  readonly rows: readonly RawConcept[]
  /** By concept; one that has none is not in it. */
  readonly memberCounts: ReadonlyMap<string, number>
  /** Edges at either end. */
  readonly edgeCounts: ReadonlyMap<string, number>
}

export function conceptQueries(db: Db) {
  const lastOfPage = db
    .prepare<[string, number], string>(
      'SELECT DISTINCT concept_id FROM concept_map WHERE concept_id > ? ORDER BY concept_id LIMIT 1 OFFSET ?',
    )
    .pluck()
  // CROSS JOIN keeps SQLite on the index of concept_map, whose order is the order that is asked for.
  const page = db
    .prepare<[string, string], RawRow>(
      `SELECT k.concept_id, r.concept_id, r.cluster_id, r.name, r.normalised_name, r.gloss, r.aliases, r.domain,
         r.canonical_fact_id
       FROM concept_map k CROSS JOIN raw_concepts r ON r.concept_id = k.raw_concept_id
       WHERE k.concept_id > ? AND k.concept_id <= ?
       ORDER BY k.concept_id, k.raw_concept_id, r.cluster_id`,
    )
    .raw()
  // A page at a time: the rows lie side by side, and three look-ups a concept cost as much as writing it.
  const countsBy = (table: string, column: string) =>
    db
      .prepare<[string, string], [string, number]>(
        `SELECT ${column}, count(*) FROM ${table} WHERE ${column} > ? AND ${column} <= ? GROUP BY ${column}`,
      )
      .raw()
  const members = countsBy('members', 'concept_id')
  const edges = [countsBy('edges', 'src_concept_id'), countsBy('edges', 'dst_concept_id')]
  const insertConcept = db.prepare(
    `INSERT INTO concepts
       (concept_id, name, gloss, domain, canonical_fact_id, support_count, member_count, edge_count)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertAlias = db.prepare(
    'INSERT INTO aliases (concept_id, normalised_alias, alias, origin, support_count) VALUES (?, ?, ?, ?, ?)',
  )
  return {
    /** The raw rows of the next `limit` canonical concepts. Members and edges must stand already. */
    pageAfter(conceptId: string, limit: number): ConceptPage {
      const last = lastOfPage.get(conceptId, limit - 1) ?? LAST_ID
      return {
        rows: page.all(conceptId, last).map(rawConceptFrom),
        memberCounts: new Map(members.all(conceptId, last)),
        edgeCounts: added(edges.flatMap((counts) => counts.all(conceptId, last))),
      }
    },
    put(concept: FieldConcept, { memberCounts, edgeCounts }: ConceptPage): void {
      const { conceptId, name, gloss, domain, canonicalFactId, supportCount } = concept
      const [memberCount, edgeCount] = [memberCounts.get(conceptId) ?? 0, edgeCounts.get(conceptId) ?? 0]
      insertConcept.run(conceptId, name, gloss, domain, canonicalFactId, supportCount, memberCount, edgeCount)
      for (const { normalisedAlias, alias, origin, supportCount: support } of concept.aliases) {
        insertAlias.run(conceptId, normalisedAlias, alias, origin, support)
      }
    },
  }
}

const rawConceptFrom = ([
  conceptId,
  rawConceptId,
  clusterId,
  name,
  normalisedName,
  gloss,
  aliases,
  domain,
  canonicalFactId,
]: RawRow): RawConcept => ({
  conceptId,
  rawConceptId,
  clusterId,
  name,
  normalisedName,
  gloss,
  aliases: aliasesSchema.parse(JSON.parse(aliases)),
  domain,
  canonicalFactId,
})

function added(counts: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count)
  return sums
}

/** The full-text index in one go: half the time of one row at a time. */
export function fillWords(db: Db): void {
  db.exec(`
    INSERT INTO concept_words (name, aliases, gloss, concept_id)
    SELECT c.name,
      (SELECT group_concat(alias, char(10))
       FROM (SELECT a.alias FROM aliases a WHERE a.concept_id = c.concept_id ORDER BY a.normalised_alias)),
      c.gloss, c.concept_id
    FROM concepts c ORDER BY c.concept_id`)
}

/** Behind every concept id. */
const LAST_ID = '\u{10ffff}'
