/**
 * A field file while it is being built: nobody reads it and a killed merge throws it away, so it needs no durability
 * of its own until it is settled. See docs/decisions/0050-building-a-field.md.
 */
import { type Db, openDb } from '../open.ts'

/** Creates the file, or takes the one that is there, with one exclusive connection and nothing synced. */
export function openBuilding(path: string): Db {
  const db = openDb(path, 'field', { mode: 'create' })
  setUnsafe(db)
  return db
}

/** For a file that is thrown away when its making is interrupted, so that it needs no durability of its own. */
export function setUnsafe(db: Db): void {
  db.pragma('wal_checkpoint(TRUNCATE)')
  // The journal stays on, in memory: a statement that fails half-way must still be undone.
  db.pragma('main.journal_mode = MEMORY')
  db.pragma('main.synchronous = OFF')
  // Of this file alone: without the name it would lock every shard that is attached later.
  db.pragma('main.locking_mode = EXCLUSIVE')
  db.pragma('temp_store = FILE') // Sorters of millions of rows belong on disk, not in memory.
  db.pragma('foreign_keys = OFF')
}

/**
 * Runs `fill` with the tables' own indexes gone and builds them afterwards: one sort an index instead of one random
 * insert a row. Indexes behind a key or a UNIQUE stay.
 */
export function withoutIndexes<T>(db: Db, tables: readonly string[], fill: () => T): T {
  const indexes = db
    .prepare<[string], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_schema
       WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(?))
       ORDER BY name`,
    )
    .all(JSON.stringify(tables))
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`)
  const result = fill()
  for (const { sql } of indexes) db.exec(sql)
  return result
}

/** The SQLite file as one file with nothing beside it; the caller syncs it. */
export function settle(db: Db): void {
  // Of this file alone: a shard that is still attached may be damaged, and why the merge failed must be told.
  db.pragma('main.optimize')
  db.pragma('main.journal_mode = DELETE')
  db.close()
}
