/** A field page by page, for a reader who may meet a concept with a hundred thousand edges. `corpus` is attached. */
import type { Db } from '../open.ts'
import type { EvidenceRow, FactText, MemberRow } from './field-reading.ts'

/** An edge as seen from one of its ends. */
export interface SeenEdge {
  readonly edgeId: string
  readonly relType: string
  readonly direction: 'out' | 'in'
  readonly otherId: string
  readonly otherName: string
  readonly scoreMillionths: number
  readonly supportCount: number
}

export type EdgePlace = Pick<SeenEdge, 'supportCount' | 'scoreMillionths' | 'edgeId'>

const MEMBERS = `
  SELECT m.fact_id AS factId, m.dup_group_id AS dupGroupId, m.role, m.support_count AS supportCount,
    m.duplicate_count AS duplicateCount, f.text, f.source, f.domain
  FROM members m LEFT JOIN corpus.facts f ON f.fact_id = m.fact_id
  WHERE m.concept_id = @conceptId AND m.fact_id > @after ORDER BY m.fact_id LIMIT @limit`

/** Best supported first; the end of the page before says where to go on. */
const edges = (own: string, other: string, direction: string): string => `
  SELECT e.edge_id AS edgeId, e.rel_type AS relType, '${direction}' AS direction, c.concept_id AS otherId,
    c.name AS otherName, e.score_millionths AS scoreMillionths, e.support_count AS supportCount
  FROM edges e JOIN concepts c ON c.concept_id = e.${other}
  WHERE e.${own} = @conceptId AND (@relType IS NULL OR e.rel_type = @relType)
    AND (-e.support_count, -e.score_millionths, e.edge_id) > (-@supportCount, -@scoreMillionths, @edgeId)
  ORDER BY -e.support_count, -e.score_millionths, e.edge_id LIMIT @limit`

const EVIDENCE = `
  SELECT s.fact_id AS factId, s.cluster_id AS clusterId, s.evidence, f.text, f.source, f.domain
  FROM edge_support s LEFT JOIN corpus.facts f ON f.fact_id = s.fact_id
  WHERE s.edge_id = @edgeId AND (s.fact_id, s.cluster_id, s.evidence) > (@factId, @clusterId, @evidence)
  ORDER BY s.fact_id, s.cluster_id, s.evidence LIMIT @limit`

const BEFORE_ALL: EdgePlace = { supportCount: 2 ** 53 - 1, scoreMillionths: 2 ** 53 - 1, edgeId: '' }

export function fieldPages(db: Db) {
  const members = db.prepare<object, MemberRow>(MEMBERS)
  const out = db.prepare<object, SeenEdge>(edges('src_concept_id', 'dst_concept_id', 'out'))
  const into = db.prepare<object, SeenEdge>(edges('dst_concept_id', 'src_concept_id', 'in'))
  const evidence = db.prepare<object, EvidenceRow>(EVIDENCE)
  const factText = db.prepare<[string], FactText>(
    'SELECT text, source, domain FROM corpus.facts WHERE fact_id = ?',
  )
  return {
    /** Ascending by fact. @param after a fact's id; the empty string for the first page */
    members: (conceptId: string, after: string, limit: number): MemberRow[] =>
      members.all({ conceptId, after, limit }),
    /** @param relType only edges of this type; all if null @param after the last one of the page before */
    edges: (
      conceptId: string,
      direction: SeenEdge['direction'],
      relType: string | null,
      after: EdgePlace | undefined,
      limit: number,
    ): SeenEdge[] =>
      (direction === 'out' ? out : into).all({ conceptId, relType, limit, ...(after ?? BEFORE_ALL) }),
    evidence: (
      edgeId: string,
      after: Pick<EvidenceRow, 'factId' | 'clusterId' | 'evidence'> | undefined,
      limit: number,
    ): EvidenceRow[] => evidence.all({ edgeId, limit, factId: '', clusterId: '', evidence: '', ...after }),
    /** undefined where the corpus does not know the fact. */
    factText: (factId: string): FactText | undefined => factText.get(factId),
  }
}
