/** The concepts of a field that have the least support, with what they have. Of a published field file. */
import type { Db } from '../open.ts'

export interface WeakConcept {
  readonly conceptId: string
  readonly canonicalFactId: string
  /** The best supported first. */
  readonly memberFactIds: readonly string[]
}

/** Concept ids are hashes, so their order favours nobody. */
const WEAKEST = `
  SELECT concept_id AS conceptId, canonical_fact_id AS canonicalFactId
  FROM concepts ORDER BY support_count, concept_id`

const MEMBERS = 'SELECT fact_id FROM members WHERE concept_id = ? ORDER BY support_count DESC, fact_id'

export function weakConceptQueries(field: Db) {
  const weakest = field.prepare<[], { conceptId: string; canonicalFactId: string }>(WEAKEST)
  const members = field.prepare<[string], string>(MEMBERS).pluck()
  return {
    *weakestFirst(): Generator<WeakConcept> {
      for (const concept of weakest.iterate()) {
        yield { ...concept, memberFactIds: members.all(concept.conceptId) }
      }
    },
  }
}
