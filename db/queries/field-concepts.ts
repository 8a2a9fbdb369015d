/** Concepts of a field, written page by page from the raw rows that each is made of. */
import { z } from 'zod'
import type { FieldConcept, RawConcept } from '../../schemas/field-concept.ts'
import type { Db } from '../open.ts'

const aliasesSchema = z.array(z.string())

export function conceptQueries(db: Db) {
  const lastOfPage = db
    .prepare<[string, number], string>(
      'SELECT DISTINCT concept_id FROM concept_map WHERE concept_id > ? ORDER BY concept_id LIMIT 1 OFFSET ?',
    )
    .pluck()
  // CROSS JOIN keeps SQLite on the index of concept_map, whose order is the order that is asked for.
  const page = db.prepare<[string, string], Omit<RawConcept, 'aliases'> & { aliases: string }>(
    `SELECT k.concept_id AS conceptId, r.concept_id AS rawConceptId, r.cluster_id AS clusterId, r.name,
       r.normalised_name AS normalisedName, r.gloss, r.aliases, r.domain, r.canonical_fact_id AS canonicalFactId
     FROM concept_map k CROSS JOIN raw_concepts r ON r.concept_id = k.raw_concept_id
     WHERE k.concept_id > ? AND k.concept_id <= ?
     ORDER BY k.concept_id, k.raw_concept_id, r.cluster_id`,
  )
  const insertConcept = db.prepare(
    `INSERT INTO concepts
       (concept_id, name, gloss, domain, canonical_fact_id, support_count, member_count, edge_count)
     VALUES (@conceptId, @name, @gloss, @domain, @canonicalFactId, @supportCount,
       (SELECT count(*) FROM members WHERE concept_id = @conceptId),
       (SELECT count(*) FROM edges WHERE src_concept_id = @conceptId)
         + (SELECT count(*) FROM edges WHERE dst_concept_id = @conceptId))`,
  )
  const insertAlias = db.prepare(
    `INSERT INTO aliases (concept_id, normalised_alias, alias, origin, support_count)
     VALUES (@conceptId, @normalisedAlias, @alias, @origin, @supportCount)`,
  )
  return {
    /** The raw rows of the next `limit` canonical concepts, ordered by concept, raw concept and cluster. */
    pageAfter(conceptId: string, limit: number): RawConcept[] {
      const last = lastOfPage.get(conceptId, limit - 1) ?? LAST_ID
      return page
        .all(conceptId, last)
        .map((row) => ({ ...row, aliases: aliasesSchema.parse(JSON.parse(row.aliases)) }))
    },
    /** Members and edges must stand already: they are counted here. */
    put(concept: FieldConcept): void {
      const { aliases, ...row } = concept
      insertConcept.run(row)
      for (const alias of aliases) insertAlias.run({ conceptId: row.conceptId, ...alias })
    },
  }
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
