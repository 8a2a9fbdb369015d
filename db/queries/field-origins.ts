/** Where the rows of a field come from: the raw concepts behind a concept, the clusters behind a name, an edge's score. */
import type { Db } from '../open.ts'

/** One cluster's word on a concept. */
export interface OriginRow {
  readonly clusterId: string
  readonly rawConceptId: string
  readonly name: string
  readonly gloss: string
  /** Why PassM' counts it to the concept, and by which name. */
  readonly reason: 'self' | 'alias' | 'near'
  readonly via: string
}

/** A merge of two names that PassM' refused. */
export interface VetoRow {
  readonly otherConceptId: string
  readonly reason: string
  readonly via: string
}

/** How an edge was scored. */
export interface ScoreRow {
  readonly srcConceptId: string
  readonly dstConceptId: string
  readonly scoreMillionths: number
  readonly parts: unknown
  readonly flags: readonly string[]
}

export interface MembershipRow {
  readonly conceptId: string
  readonly name: string
  readonly role: string
  readonly supportCount: number
}

export interface SupportedEdgeRow {
  readonly edgeId: string
  readonly srcName: string
  readonly relType: string
  readonly dstName: string
  readonly evidence: string
  readonly clusterId: string
}

const ORIGINS = `
  SELECT r.cluster_id AS clusterId, r.concept_id AS rawConceptId, r.name, r.gloss, k.reason, k.via
  FROM concept_map k JOIN raw_concepts r ON r.concept_id = k.raw_concept_id
  WHERE k.concept_id = ? ORDER BY r.cluster_id, r.concept_id`

const SCORES = `
  SELECT l.src_concept_id AS srcConceptId, l.dst_concept_id AS dstConceptId, l.score_millionths AS scoreMillionths,
    l.parts, l.flags
  FROM edges e
  JOIN concept_map s ON s.concept_id = e.src_concept_id
  JOIN concept_map d ON d.concept_id = e.dst_concept_id
  JOIN links_scored l ON l.src_concept_id = s.raw_concept_id AND l.dst_concept_id = d.raw_concept_id
    AND l.rel_type = e.rel_type
  WHERE e.edge_id = ? AND l.is_kept = 1 ORDER BY l.src_concept_id, l.dst_concept_id`

const SUPPORTED = `
  SELECT e.edge_id AS edgeId, s.name AS srcName, e.rel_type AS relType, d.name AS dstName, p.evidence,
    p.cluster_id AS clusterId
  FROM edge_support p JOIN edges e USING (edge_id)
  JOIN concepts s ON s.concept_id = e.src_concept_id JOIN concepts d ON d.concept_id = e.dst_concept_id
  WHERE p.fact_id = ? ORDER BY e.edge_id, p.cluster_id, p.evidence`

export function fieldOrigins(db: Db) {
  const origins = db.prepare<[string], OriginRow>(ORIGINS)
  const canonical = db.prepare<[string], { conceptId: string; reason: string; via: string }>(
    'SELECT concept_id AS conceptId, reason, via FROM concept_map WHERE raw_concept_id = ?',
  )
  const superseded = db.prepare<[string], { clusterId: string; name: string; reason: string }>(
    'SELECT cluster_id AS clusterId, name, reason FROM superseded WHERE concept_id = ? ORDER BY cluster_id',
  )
  const vetoes = db.prepare<[string, string, string], VetoRow>(
    `SELECT b_concept_id AS otherConceptId, reason, via FROM vetoes WHERE a_concept_id = ?
     UNION ALL SELECT a_concept_id, reason, via FROM vetoes WHERE b_concept_id = ? AND a_concept_id <> ?
     ORDER BY 1`,
  )
  const scores = db.prepare<[string], Omit<ScoreRow, 'parts' | 'flags'> & { parts: string; flags: string }>(
    SCORES,
  )
  const memberships = db.prepare<[string], MembershipRow>(
    `SELECT m.concept_id AS conceptId, c.name, m.role, m.support_count AS supportCount
     FROM members m JOIN concepts c USING (concept_id) WHERE m.fact_id = ? ORDER BY m.concept_id`,
  )
  const supported = db.prepare<[string], SupportedEdgeRow>(SUPPORTED)
  const relations = db.prepare<
    object,
    { srcFactId: string; dstFactId: string; relType: string; supportCount: number }
  >(
    `SELECT src_fact_id AS srcFactId, dst_fact_id AS dstFactId, rel_type AS relType, support_count AS supportCount
     FROM fact_edges WHERE src_fact_id = @factId OR dst_fact_id = @factId
     ORDER BY src_fact_id, dst_fact_id, rel_type`,
  )
  const named = db.prepare<[string], { conceptId: string; name: string }>(
    `SELECT c.concept_id AS conceptId, c.name FROM aliases a JOIN concepts c USING (concept_id)
     WHERE a.normalised_alias = ? ORDER BY c.concept_id`,
  )
  return {
    /** By cluster. */
    origins: (conceptId: string): OriginRow[] => origins.all(conceptId),
    /** The concept that a raw one was counted to. */
    canonicalOf: (rawConceptId: string) => canonical.get(rawConceptId),
    /** What the base had under this id and the field has no more. */
    superseded: (conceptId: string) => superseded.all(conceptId),
    vetoes: (conceptId: string): VetoRow[] => vetoes.all(conceptId, conceptId, conceptId),
    scores: (edgeId: string): ScoreRow[] =>
      scores.all(edgeId).map((row) => ({
        ...row,
        parts: JSON.parse(row.parts) as unknown,
        flags: JSON.parse(row.flags) as string[],
      })),
    /** Concepts that the fact is a member of. */
    memberships: (factId: string): MembershipRow[] => memberships.all(factId),
    /** Edges between concepts that the fact is evidence for. Reads the whole table: there is no index by fact. */
    supportedEdges: (factId: string): SupportedEdgeRow[] => supported.all(factId),
    /** Relations of the fact to others, in both directions. */
    relations: (factId: string) => relations.all({ factId }),
    conceptsNamed: (normalisedName: string) => named.all(normalisedName),
  }
}
