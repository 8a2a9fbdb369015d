/** The laws of a field. */
import type { AuditCheck } from './audit-check.ts'

export const FIELD_CHECKS: readonly AuditCheck[] = [
  {
    name: 'nothing_dangles',
    claim: 'every member, edge and name leads to a concept, and every concept has a member',
    sql: 'SELECT count(*) FROM audit_dangling',
  },
  {
    name: 'every_concept_is_findable',
    claim: 'the full-text index has one row for each concept',
    sql: 'SELECT abs((SELECT count(*) FROM concept_words) - (SELECT count(*) FROM concepts))',
  },
  {
    name: 'concepts_count_their_rows',
    claim: 'a concept has as many members and edges as it says',
    sql: `SELECT count(*) FROM concepts c
      WHERE member_count <> (SELECT count(*) FROM members m WHERE m.concept_id = c.concept_id)
        OR edge_count <> (SELECT count(*) FROM edges e WHERE e.src_concept_id = c.concept_id)
          + (SELECT count(*) FROM edges e WHERE e.dst_concept_id = c.concept_id)`,
  },
  {
    name: 'concepts_keep_their_canonical_fact',
    claim: 'the fact that a concept is named from is one of its members',
    sql: `SELECT count(*) FROM concepts c
      LEFT JOIN members m ON m.concept_id = c.concept_id AND m.fact_id = c.canonical_fact_id
      WHERE m.fact_id IS NULL`,
  },
  {
    name: 'members_are_facts',
    claim: 'every member and every piece of evidence is a fact of the corpus',
    sql: `SELECT count(*) FROM (SELECT fact_id FROM members UNION SELECT fact_id FROM edge_support) m
      LEFT JOIN corpus.facts f USING (fact_id) WHERE f.fact_id IS NULL`,
    reads: ['corpus'],
  },
  {
    name: 'support_is_a_set_of_clusters',
    claim: 'an edge counts each cluster that supports it once',
    sql: `SELECT count(*) FROM edges e WHERE support_count
      <> (SELECT count(DISTINCT cluster_id) FROM edge_support s WHERE s.edge_id = e.edge_id)`,
    isDeep: true,
  },
  {
    name: 'members_count_their_support',
    claim: 'a member counts each cluster that supports it once',
    sql: `SELECT count(*) FROM (
      SELECT concept_id, fact_id, support_count FROM members
      EXCEPT
      SELECT k.concept_id, r.fact_id, count(DISTINCT r.cluster_id)
      FROM raw_members r JOIN concept_map k ON k.raw_concept_id = r.concept_id GROUP BY k.concept_id, r.fact_id)`,
    isDeep: true,
  },
]
