/** The edges between concepts: the kept links, by canonical concept, with their evidence. */
import type { Db } from '../open.ts'

/**
 * Links whose ends became one concept are dropped, parallel ones become one edge with the higher score and the united
 * support.
 *
 * @param edgeIdOf names an edge by its source, relation type and target
 */
export function fillEdges(db: Db, edgeIdOf: (src: string, relType: string, dst: string) => string): void {
  db.function('edge_id_of', { deterministic: true, directOnly: true }, (src, relType, dst) =>
    edgeIdOf(String(src), String(relType), String(dst)),
  )
  db.exec(`
    DROP TABLE IF EXISTS temp.kept;
    CREATE TEMP TABLE kept AS
    SELECT src.concept_id AS src, dst.concept_id AS dst, l.rel_type, l.score_millionths,
      l.src_concept_id AS raw_src, l.dst_concept_id AS raw_dst,
      edge_id_of(src.concept_id, l.rel_type, dst.concept_id) AS edge_id
    FROM links_scored l
    JOIN concept_map src ON src.raw_concept_id = l.src_concept_id
    JOIN concept_map dst ON dst.raw_concept_id = l.dst_concept_id
    WHERE l.is_kept = 1 AND src.concept_id <> dst.concept_id;

    INSERT INTO edge_support (edge_id, fact_id, cluster_id, evidence)
    SELECT DISTINCT k.edge_id, r.fact_id, r.cluster_id, r.evidence
    FROM temp.kept k
    JOIN links_raw r ON r.src_concept_id = k.raw_src AND r.dst_concept_id = k.raw_dst AND r.rel_type = k.rel_type
    ORDER BY 1, 2, 3, 4;

    INSERT INTO edges (edge_id, src_concept_id, dst_concept_id, rel_type, score_millionths, support_count)
    SELECT k.edge_id, k.src, k.dst, k.rel_type, max(k.score_millionths),
      (SELECT count(DISTINCT s.cluster_id) FROM edge_support s WHERE s.edge_id = k.edge_id)
    FROM temp.kept k GROUP BY k.edge_id ORDER BY k.edge_id;
    DROP TABLE temp.kept;`)
}
