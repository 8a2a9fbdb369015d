/** What PassM' decided: which raw concepts are one, and which pairs that share a name are not. */
import type { Db } from '../open.ts'

export interface MappedConcept {
  readonly rawConceptId: string
  readonly conceptId: string
  readonly reason: 'self' | 'alias' | 'near'
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
  const map = db.prepare(
    'INSERT INTO concept_map (raw_concept_id, concept_id, reason, via) VALUES (?, ?, ?, ?)',
  )
  const veto = db.prepare(
    'INSERT INTO vetoes (a_concept_id, b_concept_id, reason, via) VALUES (@aConceptId, @bConceptId, @reason, @via)',
  )
  return {
    clear(): void {
      clearMap.run()
      clearVetoes.run()
    },
    map({ rawConceptId, conceptId, reason, via }: MappedConcept): void {
      map.run(rawConceptId, conceptId, reason, via)
    },
    veto: (row: VetoedPair): void => void veto.run(row),
  }
}
