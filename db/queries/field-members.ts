/**
 * The parts of PassG that are sets of rows: members, edges between facts, edges between concepts, each with the set of
 * clusters that supports it. Support is counted over distinct clusters, never added up.
 */
import type { Db } from '../open.ts'
import { inGroup } from './in-group.ts'

/**
 * Names the concepts that PassM' united from several raw ones. Most were not, and their rows already stand in the
 * order of the result, so they are grouped without sorting; only the rows of these are sorted.
 *
 * @returns raw concepts that concept_map does not know; 0 after a sound PassM'
 */
export function beginUnion(db: Db): number {
  db.exec(`
    DROP TABLE IF EXISTS temp.united;
    CREATE TEMP TABLE united (
      raw_concept_id TEXT PRIMARY KEY, concept_id TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO temp.united (raw_concept_id, concept_id)
    SELECT raw_concept_id, concept_id FROM concept_map
    WHERE concept_id IN (SELECT concept_id FROM concept_map WHERE raw_concept_id <> concept_id)
    ORDER BY raw_concept_id`)
  return db
    .prepare<[], number>(
      `SELECT count(*) FROM (SELECT DISTINCT concept_id FROM raw_concepts) r
       WHERE NOT EXISTS (SELECT 1 FROM concept_map k WHERE k.raw_concept_id = r.concept_id)`,
    )
    .pluck()
    .get()!
}

/**
 * @param roles in the order in which they win a tie; the last one stands for every other word
 * @param corpus schema under which corpus.sqlite is attached
 */
export function fillMembers(db: Db, roles: readonly string[], corpus: string): void {
  const rank = `CASE role ${roles.map((role, i) => `WHEN '${role}' THEN ${i}`).join(' ')} ELSE ${roles.length - 1} END`
  const votes = roles.map((_, i) => `sum(role_rank = ${i}) AS votes_${i}`).join(', ')
  const most = `max(${roles.map((_, i) => `votes_${i}`).join(', ')})`
  const chosen = roles.map((role, i) => `WHEN votes_${i} THEN '${role}'`).join(' ')
  findGroups(db, corpus)
  // Groups come out in their order, which is that of the key; an ORDER BY would sort them once more.
  const insert = (oneRowPerCluster: string): void => {
    db.exec(`
      INSERT INTO members (concept_id, fact_id, dup_group_id, role, support_count, duplicate_count)
      SELECT concept_id, fact_id, dup_group_id, CASE ${most} ${chosen} END, support_count,
        -- The facts of a group say the same: the others count as evidence.
        CASE WHEN fact_id = dup_group_id AND dup_group_id NOT IN temp.groups THEN 0 ELSE
          (SELECT count(*) FROM ${corpus}.facts f
           WHERE ${inGroup('f', 'grouped.dup_group_id')} AND f.state = 'live' AND f.fact_id <> grouped.fact_id) END
      FROM (
        SELECT concept_id, fact_id, min(dup_group_id) AS dup_group_id, count(*) AS support_count, ${votes}
        FROM (${oneRowPerCluster}) GROUP BY concept_id, fact_id
      ) AS grouped`)
  }
  insert(`
    SELECT concept_id, fact_id, dup_group_id, ${rank} AS role_rank FROM raw_members
    WHERE concept_id NOT IN (SELECT raw_concept_id FROM temp.united)`)
  insert(`
    SELECT u.concept_id, m.fact_id, min(m.dup_group_id) AS dup_group_id, min(${rank}) AS role_rank
    FROM raw_members m JOIN temp.united u ON u.raw_concept_id = m.concept_id
    GROUP BY u.concept_id, m.fact_id, m.cluster_id`)
}

/** Few facts have others that say the same; the index of those tells which need to be asked about. */
function findGroups(db: Db, corpus: string): void {
  db.exec(`
    DROP TABLE IF EXISTS temp.groups;
    CREATE TEMP TABLE groups (dup_group_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    INSERT INTO temp.groups (dup_group_id)
    SELECT DISTINCT dup_group_id FROM ${corpus}.facts WHERE fact_id <> dup_group_id ORDER BY dup_group_id`)
}

export function fillFactEdges(db: Db): void {
  db.exec(`
    INSERT INTO fact_edges (src_fact_id, dst_fact_id, rel_type, support_count)
    SELECT src_fact_id, dst_fact_id, rel_type, count(DISTINCT cluster_id)
    FROM raw_edges GROUP BY src_fact_id, dst_fact_id, rel_type
    ORDER BY src_fact_id, dst_fact_id, rel_type`)
}
