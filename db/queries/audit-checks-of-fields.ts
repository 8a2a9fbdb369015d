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
    sql: `SELECT count(*) FROM (
        SELECT fact_id FROM members UNION SELECT fact_id FROM edge_support UNION SELECT fact_id FROM links_raw) m
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
    name: 'ids_name_what_they_stand_for',
    claim: 'the ids of concepts and edges, and normalised names, are those of what they name',
    sql: `SELECT (SELECT count(*) FROM raw_concepts WHERE normalised_name <> rff_normalised(name)
        OR concept_id NOT IN (rff_concept_id(normalised_name, ''), rff_concept_id(normalised_name, domain)))
      + (SELECT count(*) FROM raw_links WHERE target_normalised_name <> rff_normalised(target_name))
      + (SELECT count(*) FROM aliases WHERE normalised_alias <> rff_normalised(alias))
      + (SELECT count(*) FROM edges WHERE edge_id <> rff_edge_id(src_concept_id, rel_type, dst_concept_id))`,
    isDeep: true,
  },
  {
    name: 'edges_are_the_kept_links',
    claim: 'the edges are the kept links between canonical concepts, with the better score',
    sql: `WITH kept AS (
        SELECT src.concept_id AS src, dst.concept_id AS dst, l.rel_type, max(l.score_millionths) AS score
        FROM links_scored l
        JOIN concept_map src ON src.raw_concept_id = l.src_concept_id
        JOIN concept_map dst ON dst.raw_concept_id = l.dst_concept_id
        WHERE l.is_kept = 1 AND src.concept_id <> dst.concept_id GROUP BY 1, 2, 3),
      edge AS (SELECT src_concept_id, dst_concept_id, rel_type, score_millionths FROM edges)
      SELECT (SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM edge))
        + (SELECT count(*) FROM (SELECT * FROM edge EXCEPT SELECT * FROM kept))`,
    isDeep: true,
  },
  {
    name: 'links_have_their_evidence',
    claim:
      'every scored link has evidence, and every piece of evidence a scored link and a cluster that brought it',
    sql: `WITH scored AS (SELECT src_concept_id, dst_concept_id, rel_type FROM links_scored),
      raw AS (SELECT DISTINCT src_concept_id, dst_concept_id, rel_type FROM links_raw)
      SELECT (SELECT count(*) FROM (SELECT * FROM scored EXCEPT SELECT * FROM raw))
        + (SELECT count(*) FROM (SELECT * FROM raw EXCEPT SELECT * FROM scored))
        + (SELECT count(*) FROM links_raw WHERE cluster_id NOT IN (SELECT cluster_id FROM raw_concepts))`,
    isDeep: true,
  },
  {
    name: 'support_is_the_evidence',
    claim: 'the support of the edges is the evidence of the kept links',
    sql: `WITH evidence AS (
        SELECT DISTINCT e.edge_id, r.fact_id, r.cluster_id, r.evidence
        FROM links_scored l
        JOIN concept_map src ON src.raw_concept_id = l.src_concept_id
        JOIN concept_map dst ON dst.raw_concept_id = l.dst_concept_id
        JOIN edges e ON e.src_concept_id = src.concept_id AND e.dst_concept_id = dst.concept_id AND e.rel_type = l.rel_type
        JOIN links_raw r ON r.src_concept_id = l.src_concept_id AND r.dst_concept_id = l.dst_concept_id
          AND r.rel_type = l.rel_type
        WHERE l.is_kept = 1)
      SELECT (SELECT count(*) FROM (SELECT * FROM evidence EXCEPT SELECT * FROM edge_support))
        + (SELECT count(*) FROM (SELECT * FROM edge_support EXCEPT SELECT * FROM evidence))`,
    isDeep: true,
  },
  {
    name: 'fact_edges_are_the_raw_ones',
    claim: 'the relations between facts are those of the deltas, each with its number of clusters',
    sql: `WITH raw AS (SELECT src_fact_id, dst_fact_id, rel_type, count(DISTINCT cluster_id) AS support
        FROM raw_edges GROUP BY 1, 2, 3)
      SELECT (SELECT count(*) FROM (SELECT * FROM raw EXCEPT SELECT * FROM fact_edges))
        + (SELECT count(*) FROM (SELECT * FROM fact_edges EXCEPT SELECT * FROM raw))`,
    isDeep: true,
  },
  {
    name: 'words_are_those_of_the_concepts',
    claim: 'the full-text index has the name, the aliases and the gloss of each concept',
    sql: `SELECT count(*) FROM (
      SELECT concept_id, name, gloss, coalesce((SELECT group_concat(alias, char(10)) FROM (
        SELECT a.alias FROM aliases a WHERE a.concept_id = c.concept_id ORDER BY a.normalised_alias)), '') FROM concepts c
      EXCEPT SELECT concept_id, name, gloss, coalesce(aliases, '') FROM concept_words)`,
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
