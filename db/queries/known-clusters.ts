/**
 * Every cluster that a present shard knows, with what became of it: for these the shard is the truth, whatever the base
 * says. A split leaves its retired clusters with both children; where one of them knows the cluster, it counts.
 */
import type { Db } from '../open.ts'

/** What a shard says about one of its clusters; a retired one carries its reason behind the colon. */
const STANDING = `CASE
  WHEN f.cluster_id IS NOT NULL THEN 'stale'
  WHEN d.outcome = 'quarantined' THEN 'quarantined'
  WHEN s.materialised_version IS NULL THEN 'unmaterialised'
  ELSE 'done' END`

/** Standings after which the loss of what a cluster said is no loss of quality. */
export const EXPLAINED_LOSS = "(reason LIKE 'retired:%' OR reason = 'stale')"

/** @param schema of the table: `temp`, or `main` where it is kept in a file of runs */
export function makeKnown(db: Db, schema: string): void {
  db.exec(`
    DROP TABLE IF EXISTS ${schema}.known;
    CREATE TABLE ${schema}.known (
      cluster_id TEXT PRIMARY KEY, standing TEXT NOT NULL, shard_no INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`)
}

/**
 * @param shard schema under which a shard is attached
 * @returns clusters of this shard that another one knows already; 0 in a sound set of shards
 */
export function noteKnown(db: Db, schema: string, shard: string, shardNo: number): number {
  const clusters = db.prepare<[], number>(`SELECT count(*) FROM ${shard}.clusters`).pluck().get()!
  const { changes } = db
    .prepare(
      `INSERT INTO ${schema}.known (cluster_id, standing, shard_no)
       SELECT c.cluster_id, ${STANDING}, @shardNo
       FROM ${shard}.clusters c
       LEFT JOIN ${shard}.frontier f ON f.cluster_id = c.cluster_id
       LEFT JOIN ${shard}.done d ON d.cluster_id = c.cluster_id
       LEFT JOIN ${shard}.structures s ON s.cluster_id = c.cluster_id
       WHERE true
       ON CONFLICT DO UPDATE SET standing = excluded.standing, shard_no = excluded.shard_no
         WHERE known.standing LIKE 'retired:%'`,
    )
    .run({ shardNo })
  db.prepare(
    `INSERT OR IGNORE INTO ${schema}.known (cluster_id, standing, shard_no)
     SELECT cluster_id, 'retired: ' || reason, @shardNo FROM ${shard}.retired ORDER BY cluster_id`,
  ).run({ shardNo })
  return clusters - changes
}

/** Clusters that two shards know, and the later one of the two. */
export interface RepeatedClusters {
  readonly shardNo: number
  readonly clusters: number
}

/**
 * Adds what the shards of a file of runs know to the temporary table, in whatever order such files come.
 *
 * @returns what two shards know, of which nothing is added; undefined in a sound set of shards
 */
export function uniteKnown(db: Db, runs: string): RepeatedClusters | undefined {
  const isAlive = (table: string): string => `${table}.standing NOT LIKE 'retired:%'`
  const repeated = db
    .prepare<[], RepeatedClusters>(
      `SELECT max(r.shard_no, k.shard_no) AS shardNo, count(*) AS clusters
       FROM ${runs}.known r JOIN temp.known k USING (cluster_id)
       WHERE ${isAlive('r')} AND ${isAlive('k')} GROUP BY 1 ORDER BY 1 LIMIT 1`,
    )
    .get()
  if (repeated !== undefined) return repeated
  db.exec(`
    INSERT INTO temp.known (cluster_id, standing, shard_no)
    SELECT cluster_id, standing, shard_no FROM ${runs}.known WHERE true ORDER BY cluster_id
    ON CONFLICT DO UPDATE SET standing = excluded.standing, shard_no = excluded.shard_no
      WHERE NOT (${isAlive('known')}) AND (${isAlive('excluded')} OR excluded.shard_no < known.shard_no)`)
  return undefined
}
