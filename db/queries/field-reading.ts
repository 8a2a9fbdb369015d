/** What a reader asks of a field: one concept, one edge, or what became of a fact. `corpus` is attached for the texts. */
import type { AliasOrigin } from '../../schemas/field-concept.ts'
import type { Inferred } from '../../schemas/inferred.ts'
import type { factTextSchema } from '../../schemas/known-fact.ts'
import type { MemberRole } from '../../schemas/structure.ts'
import type { Db } from '../open.ts'
import { inGroup } from './in-group.ts'

export type FactText = Inferred<typeof factTextSchema>

export interface ConceptRow {
  readonly conceptId: string
  readonly name: string
  readonly gloss: string
  readonly domain: string
  readonly canonicalFactId: string
  readonly supportCount: number
  readonly memberCount: number
  readonly edgeCount: number
}

export interface AliasRow {
  readonly alias: string
  readonly normalisedAlias: string
  readonly origin: AliasOrigin
  readonly supportCount: number
}

export interface MemberRow extends FactText {
  readonly factId: string
  readonly dupGroupId: string
  readonly role: MemberRole
  readonly supportCount: number
  readonly duplicateCount: number
}

export interface DuplicateRow extends FactText {
  readonly factId: string
}

export interface EdgeRow {
  readonly edgeId: string
  readonly relType: string
  readonly srcConceptId: string
  readonly srcName: string
  readonly dstConceptId: string
  readonly dstName: string
  readonly scoreMillionths: number
  readonly supportCount: number
}

export interface EvidenceRow extends FactText {
  readonly factId: string
  /** The cluster that brought the fact. */
  readonly clusterId: string
  readonly evidence: string
}

export interface FactRelationRow {
  readonly srcFactId: string
  readonly dstFactId: string
  readonly relType: string
  readonly supportCount: number
}

const CONCEPT_COLUMNS = `concept_id AS conceptId, name, gloss, domain, canonical_fact_id AS canonicalFactId,
  support_count AS supportCount, member_count AS memberCount, edge_count AS edgeCount`

const MEMBERS = `
  SELECT m.fact_id AS factId, m.dup_group_id AS dupGroupId, m.role, m.support_count AS supportCount,
    m.duplicate_count AS duplicateCount, f.text, f.source, f.domain
  FROM members m LEFT JOIN corpus.facts f ON f.fact_id = m.fact_id
  WHERE m.concept_id = ? ORDER BY m.fact_id`

const DUPLICATES = `
  SELECT f.fact_id AS factId, f.text, f.source, f.domain FROM corpus.facts f
  WHERE ${inGroup('f', '@dupGroupId')} AND f.fact_id <> @factId AND f.state = 'live' ORDER BY f.fact_id`

const EDGE = `
  SELECT e.edge_id AS edgeId, e.rel_type AS relType, e.src_concept_id AS srcConceptId, s.name AS srcName,
    e.dst_concept_id AS dstConceptId, d.name AS dstName, e.score_millionths AS scoreMillionths,
    e.support_count AS supportCount
  FROM edges e JOIN concepts s ON s.concept_id = e.src_concept_id JOIN concepts d ON d.concept_id = e.dst_concept_id`

const EVIDENCE = `
  SELECT s.fact_id AS factId, s.cluster_id AS clusterId, s.evidence, f.text, f.source, f.domain
  FROM edge_support s LEFT JOIN corpus.facts f ON f.fact_id = s.fact_id
  WHERE s.edge_id = ? ORDER BY s.fact_id, s.cluster_id, s.evidence`

export function fieldReading(db: Db) {
  const concept = db.prepare<[string], ConceptRow>(
    `SELECT ${CONCEPT_COLUMNS} FROM concepts WHERE concept_id = ?`,
  )
  const concepts = db.prepare<object, ConceptRow>(
    `SELECT ${CONCEPT_COLUMNS} FROM concepts WHERE concept_id > @after ORDER BY concept_id LIMIT @limit`,
  )
  const aliases = db.prepare<[string], AliasRow>(
    `SELECT alias, normalised_alias AS normalisedAlias, origin, support_count AS supportCount
     FROM aliases WHERE concept_id = ? ORDER BY normalised_alias`,
  )
  const members = db.prepare<[string], MemberRow>(MEMBERS)
  const duplicates = db.prepare<object, DuplicateRow>(DUPLICATES)
  const edge = db.prepare<[string], EdgeRow>(`${EDGE} WHERE e.edge_id = ?`)
  const edges = db.prepare<object, EdgeRow>(
    `${EDGE} WHERE e.edge_id > @after ORDER BY e.edge_id LIMIT @limit`,
  )
  const outgoing = db.prepare<[string], EdgeRow>(
    `${EDGE} WHERE e.src_concept_id = ? ORDER BY e.rel_type, d.name, e.edge_id`,
  )
  const incoming = db.prepare<[string], EdgeRow>(
    `${EDGE} WHERE e.dst_concept_id = ? ORDER BY e.rel_type, s.name, e.edge_id`,
  )
  const evidence = db.prepare<[string], EvidenceRow>(EVIDENCE)
  const factRelations = db.prepare<object, FactRelationRow>(
    `SELECT src_fact_id AS srcFactId, dst_fact_id AS dstFactId, rel_type AS relType, support_count AS supportCount
     FROM fact_edges WHERE (src_fact_id, dst_fact_id, rel_type) > (@srcFactId, @dstFactId, @relType)
     ORDER BY src_fact_id, dst_fact_id, rel_type LIMIT @limit`,
  )
  const counts = db.prepare<[], Record<string, number>>('SELECT * FROM audit_counts')
  return {
    concept: (conceptId: string): ConceptRow | undefined => concept.get(conceptId),
    /** Ascending by id. @param after the last one of the page before; the empty string for the first page */
    conceptsAfter: (after: string, limit: number): ConceptRow[] => concepts.all({ after, limit }),
    aliases: (conceptId: string): AliasRow[] => aliases.all(conceptId),
    /** Ascending by fact. */
    members: (conceptId: string): MemberRow[] => members.all(conceptId),
    /** The other live facts that say the same. */
    duplicates: ({ factId, dupGroupId }: Pick<MemberRow, 'factId' | 'dupGroupId'>): DuplicateRow[] =>
      duplicates.all({ factId, dupGroupId }),
    edge: (edgeId: string): EdgeRow | undefined => edge.get(edgeId),
    edgesAfter: (after: string, limit: number): EdgeRow[] => edges.all({ after, limit }),
    outgoing: (conceptId: string): EdgeRow[] => outgoing.all(conceptId),
    incoming: (conceptId: string): EdgeRow[] => incoming.all(conceptId),
    evidence: (edgeId: string): EvidenceRow[] => evidence.all(edgeId),
    factRelationsAfter: (
      after: Omit<FactRelationRow, 'supportCount'> | undefined,
      limit: number,
    ): FactRelationRow[] => factRelations.all({ srcFactId: '', dstFactId: '', relType: '', ...after, limit }),
    counts: () => counts.get()!,
  }
}
