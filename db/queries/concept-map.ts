/** What PassM' decided: which raw concepts are one, and which pairs that share a name are not. */
import type { Db } from '../open.ts'

export interface MappedConcept {
  readonly rawConceptId: string
  /** Of another one, or it would be known already. */
  readonly conceptId: string
  readonly reason: 'alias' | 'near'
  readonly via: string
}

export interface VetoedPair {
  /** The smaller id. */
  readonly aConceptId: string
  readonly bConceptId: string
  readonly reason: string
  readonly via: string
}

export function conceptMapQueries(db: Db) {
  const clearMap = db.prepare('DELETE FROM concept_map')
  const clearVetoes = db.prepare('DELETE FROM vetoes')
  const mapAll = db.prepare(
    `INSERT INTO concept_map (raw_concept_id, concept_id, reason, via)
     SELECT concept_id, concept_id, 'self', '' FROM raw_concepts GROUP BY concept_id ORDER BY concept_id`,
  )
  const map = db.prepare(
    'UPDATE concept_map SET concept_id = ?, reason = ?, via = ? WHERE raw_concept_id = ?',
  )
  const veto = db.prepare(
    'INSERT INTO vetoes (a_concept_id, b_concept_id, reason, via) VALUES (@aConceptId, @bConceptId, @reason, @via)',
  )
  return {
    /** Every raw concept is its own, and no pair is vetoed. */
    reset(): void {
      clearMap.run()
      clearVetoes.run()
      mapAll.run()
    },
    map({ rawConceptId, conceptId, reason, via }: MappedConcept): void {
      map.run(conceptId, reason, via, rawConceptId)
    },
    veto: (row: VetoedPair): void => void veto.run(row),
  }
}
