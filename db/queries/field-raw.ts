/**
 * The raw tables of a field: the union of what the shards hold and of what only the base still knows.
 *
 * Shard files are attached, eight at a time (SQLite takes ten), and only read.
 */
import type { Db } from '../open.ts'
import { columnsOf, RAW_TABLES } from './field-tables.ts'
import { makeKnown } from './known-clusters.ts'
import { insertSorted } from './sorted-runs.ts'

/** How many shards one statement can read at once. */
export const SHARDS_ATTACHED = 8

/** Empties the raw tables and makes the temporary ones that a gathering needs. */
export function beginRaw(db: Db): void {
  for (const { name } of RAW_TABLES) db.exec(`DELETE FROM main.${name}`)
  db.exec('DELETE FROM superseded')
  makeKnown(db, 'temp')
}

export function attach(db: Db, path: string, schema: string): void {
  db.prepare(`ATTACH ? AS ${schema}`).run(path)
}

/**
 * Attaches a file that is read from front to back and then let go: a cache of its own size would keep 16 MB of pages that
 * nobody asks for again, and what a thread frees is not given back to the system.
 */
export function attachPassing(db: Db, path: string, schema: string): void {
  attach(db, path, schema)
  db.pragma(`${schema}.cache_size = -2048`)
}

/** Of the file that is attached under `schema`. */
export const attachedPath = (db: Db, schema: string): string =>
  db.prepare<[string], string>('SELECT file FROM pragma_database_list WHERE name = ?').pluck().get(schema)!

export function detach(db: Db, schema: string): void {
  db.exec(`DETACH ${schema}`)
}

/** Adds the rows of the attached shards in the order of the key. SQLite merges the sorted arms without sorting. */
export function takeDeltas(db: Db, schemas: readonly string[]): void {
  for (const table of RAW_TABLES) {
    const columns = columnsOf(table).join(', ')
    const arms = schemas.map((schema) => `SELECT ${columns} FROM ${schema}.${table.deltaName}`)
    insertSorted(db, table.name, table, arms)
  }
}

/** Adds what only the base (attached as `base`) knows. */
export function takeBase(db: Db): void {
  for (const table of RAW_TABLES) {
    const columns = columnsOf(table).join(', ')
    insertSorted(db, table.name, table, [
      `SELECT ${columns} FROM base.${table.name} b
       WHERE NOT EXISTS (SELECT 1 FROM temp.known k WHERE k.cluster_id = b.cluster_id)`,
    ])
  }
}

/** Lists what the base had of known clusters and this field has no more, or has otherwise, with the reason. */
export function noteSuperseded(db: Db): void {
  noteChanged(db)
  db.exec(`
    INSERT INTO superseded (cluster_id, concept_id, name, reason)
    SELECT b.cluster_id, b.concept_id, b.name,
      CASE WHEN k.standing <> 'done' THEN k.standing
           WHEN n.concept_id IS NULL THEN 'renamed'
           ELSE 'restructured' END
    FROM base.raw_concepts b
    JOIN temp.known k ON k.cluster_id = b.cluster_id
    LEFT JOIN main.raw_concepts n ON n.concept_id = b.concept_id AND n.cluster_id = b.cluster_id
    WHERE n.concept_id IS NULL
      OR (b.concept_id, b.cluster_id) IN (SELECT concept_id, cluster_id FROM temp.changed);

    DROP TABLE temp.changed;
    CREATE TEMP TABLE renamed (cluster_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    INSERT OR IGNORE INTO temp.renamed SELECT cluster_id FROM superseded WHERE reason = 'renamed';
    UPDATE superseded SET reason = 'concept is now ' || now.concept_id
    FROM (
      SELECT r.cluster_id, min(r.concept_id) AS concept_id
      FROM main.raw_concepts r JOIN temp.renamed USING (cluster_id) GROUP BY r.cluster_id
    ) AS now
    WHERE superseded.reason = 'renamed' AND now.cluster_id = superseded.cluster_id;
    DROP TABLE temp.renamed;`)
}

/** Clusters that still support the same concept, but with other rows: some row of the base is not here any more. */
function noteChanged(db: Db): void {
  db.exec(`
    CREATE TEMP TABLE changed (
      concept_id TEXT NOT NULL, cluster_id TEXT NOT NULL, PRIMARY KEY (concept_id, cluster_id)
    ) STRICT, WITHOUT ROWID`)
  for (const table of RAW_TABLES) {
    const isSame = columnsOf(table).map((column) => `n.${column} = b.${column}`)
    db.exec(`
      INSERT OR IGNORE INTO temp.changed (concept_id, cluster_id)
      SELECT b.concept_id, b.cluster_id FROM base.${table.name} b
      WHERE NOT EXISTS (SELECT 1 FROM main.${table.name} n WHERE ${isSame.join(' AND ')})`)
  }
}

/** Lists what a base has and this field has not, for one reason; for a field that was not gathered but copied. */
export function noteMissing(db: Db, basePath: string | null, reason: string): void {
  db.exec('DELETE FROM superseded')
  if (basePath === null) return
  attach(db, basePath, 'base')
  db.prepare(
    `INSERT INTO superseded (cluster_id, concept_id, name, reason)
     SELECT b.cluster_id, b.concept_id, b.name, @reason FROM base.raw_concepts b
     WHERE NOT EXISTS (
       SELECT 1 FROM main.raw_concepts n WHERE n.concept_id = b.concept_id AND n.cluster_id = b.cluster_id
     )`,
  ).run({ reason })
  detach(db, 'base')
}

/** Drops what only the gathering needed. */
export function endRaw(db: Db): void {
  db.exec('DROP TABLE temp.known')
}
