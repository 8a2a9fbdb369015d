/** What an evaluation asks of a field about the facts that a gold file names. `corpus` is attached. */
import type { Db } from '../open.ts'

/** How a fact came to be in a concept: one row for each cluster that put it there. */
export interface StandingRow {
  readonly rawConceptId: string
  readonly clusterId: string
  readonly role: string
  /** The cluster named its concept from this fact. */
  readonly isCanonical: number
  /** Why PassM' counts the raw concept to the concept, and by which name. */
  readonly reason: 'self' | 'alias' | 'near'
  readonly via: string
}

/** Only the representative of a group of duplicates stands in a field; it speaks for the others. */
const SPEAKER = `
  SELECT coalesce(r.fact_id, f.fact_id) FROM corpus.facts f
  LEFT JOIN corpus.coverage c ON c.fact_no = f.fact_no AND c.role = 'duplicate'
  LEFT JOIN corpus.facts r ON r.fact_no = c.representative_fact_no
  WHERE f.fact_id = ? AND f.state = 'live'`

const CLUSTERS = `
  SELECT c.cluster_id FROM corpus.facts f JOIN corpus.cluster_facts c USING (fact_no)
  WHERE f.fact_id = ? ORDER BY c.cluster_id`

// CROSS JOIN holds SQLite to the way from one fact outwards.
const TARGETS = `
  SELECT dst_fact_id FROM fact_edges WHERE src_fact_id = @factId AND rel_type = @relType
  UNION
  SELECT d.fact_id FROM members s
  CROSS JOIN edges e ON e.src_concept_id = s.concept_id AND e.rel_type = @relType
  CROSS JOIN members d ON d.concept_id = e.dst_concept_id
  WHERE s.fact_id = @factId
  ORDER BY 1`

const STANDINGS = `
  SELECT m.concept_id AS rawConceptId, m.cluster_id AS clusterId, m.role, k.reason, k.via,
    coalesce(r.canonical_fact_id = m.fact_id, 0) AS isCanonical
  FROM concept_map k
  CROSS JOIN raw_members m ON m.concept_id = k.raw_concept_id AND m.fact_id = @factId
  LEFT JOIN raw_concepts r ON r.concept_id = m.concept_id AND r.cluster_id = m.cluster_id
  WHERE k.concept_id = @conceptId ORDER BY m.concept_id, m.cluster_id`

/** An edge between two concepts. */
export interface ConceptEdgeRow {
  readonly edgeId: string
  readonly srcConceptId: string
  readonly dstConceptId: string
}

export function evaluating(db: Db) {
  const speaker = db.prepare<[string], string>(SPEAKER).pluck()
  const anyFact = db
    .prepare<[], string>("SELECT fact_id FROM corpus.facts WHERE state = 'live' ORDER BY fact_no LIMIT 1")
    .pluck()
  const clusters = db.prepare<[string], string>(CLUSTERS).pluck()
  const concepts = db
    .prepare<[string], string>('SELECT concept_id FROM members WHERE fact_id = ? ORDER BY concept_id')
    .pluck()
  const targets = db.prepare<object, string>(TARGETS).pluck()
  const standings = db.prepare<object, StandingRow>(STANDINGS)
  const factTargets = db
    .prepare<object, string>(
      `SELECT dst_fact_id FROM fact_edges WHERE src_fact_id = @factId AND rel_type = @relType ORDER BY dst_fact_id`,
    )
    .pluck()
  const edges = db.prepare<object, ConceptEdgeRow>(
    `SELECT edge_id AS edgeId, src_concept_id AS srcConceptId, dst_concept_id AS dstConceptId
     FROM edges WHERE edge_id > @after AND rel_type = @relType ORDER BY edge_id LIMIT @limit`,
  )
  const members = db
    .prepare<[string], string>('SELECT fact_id FROM members WHERE concept_id = ? ORDER BY fact_id')
    .pluck()
  const factEdge = db
    .prepare<object, number>(
      'SELECT 1 FROM fact_edges WHERE src_fact_id = @src AND dst_fact_id = @dst AND rel_type = @relType',
    )
    .pluck()
  return {
    /** @returns the fact itself or its representative; undefined where the corpus has no such live fact */
    speakerFor: (factId: string): string | undefined => speaker.get(factId),
    /** Of those that a field can speak of, the first one; undefined for a corpus of none. */
    anyFactId: (): string | undefined => anyFact.get(),
    /** Every cluster of the plan that shows the fact, as a member or as context, ascending. */
    clustersOf: (factId: string): string[] => clusters.all(factId),
    /** Ascending. */
    conceptsOf: (factId: string): string[] => concepts.all(factId),
    /**
     * Facts that the field puts at the other end of a relation: by an edge from the fact itself, and every member of a
     * concept that an edge from one of its own concepts leads to. Ascending, each once.
     */
    targetsOf: (factId: string, relType: string): string[] => targets.all({ factId, relType }),
    /** Only by an edge from the fact itself, ascending. */
    factTargetsOf: (factId: string, relType: string): string[] => factTargets.all({ factId, relType }),
    /** Edges of one type, ascending by id. @param after the last one of the page before; empty for the first page */
    edgesAfter: (relType: string, after: string, limit: number): ConceptEdgeRow[] =>
      edges.all({ relType, after, limit }),
    /** Facts of a concept, ascending. */
    membersOf: (conceptId: string): string[] => members.all(conceptId),
    hasFactEdge: (src: string, relType: string, dst: string): boolean =>
      factEdge.get({ src, relType, dst }) === 1,
    standingsOf: (conceptId: string, factId: string): StandingRow[] => standings.all({ conceptId, factId }),
  }
}

export type Evaluating = ReturnType<typeof evaluating>
