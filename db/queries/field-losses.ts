/** What a field lost against its base for a reason that says nothing about quality. */
import type { Db } from '../open.ts'
import { EXPLAINED_LOSS } from './known-clusters.ts'

export interface ExplainedLosses {
  readonly concepts: number
  readonly facts: number
}

/**
 * Counts what the base (attached as `base`) had and this field has no more only because every cluster that supported
 * it was retired or is being done again.
 */
export function countExplainedLosses(db: Db): ExplainedLosses {
  db.exec(`
    DROP TABLE IF EXISTS temp.reopened;
    CREATE TEMP TABLE reopened (cluster_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    INSERT OR IGNORE INTO temp.reopened SELECT cluster_id FROM superseded WHERE ${EXPLAINED_LOSS};
    DROP TABLE IF EXISTS temp.lost_facts;
    CREATE TEMP TABLE lost_facts (fact_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    INSERT OR IGNORE INTO temp.lost_facts
    SELECT b.fact_id FROM base.members b
    WHERE NOT EXISTS (SELECT 1 FROM main.members n WHERE n.fact_id = b.fact_id)`)
  const losses = db.prepare<[], ExplainedLosses>(COUNT).get()!
  db.exec('DROP TABLE temp.reopened; DROP TABLE temp.lost_facts')
  return losses
}

const COUNT = `
  SELECT
    (SELECT count(*) FROM base.concepts b
     WHERE NOT EXISTS (SELECT 1 FROM main.concepts n WHERE n.concept_id = b.concept_id)
       AND NOT EXISTS (
         SELECT 1 FROM base.concept_map k JOIN base.raw_concepts r ON r.concept_id = k.raw_concept_id
         WHERE k.concept_id = b.concept_id AND r.cluster_id NOT IN (SELECT cluster_id FROM temp.reopened)
       )) AS concepts,
    -- One scan of the raw members, which have no index by fact.
    (SELECT count(*) FROM temp.lost_facts) - (
      SELECT count(DISTINCT r.fact_id) FROM base.raw_members r
      WHERE r.fact_id IN (SELECT fact_id FROM temp.lost_facts)
        AND r.cluster_id NOT IN (SELECT cluster_id FROM temp.reopened)
    ) AS facts`
