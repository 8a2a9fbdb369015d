/**
 * Indexes that are built once over all facts instead of row by row.
 *
 * The keys of facts are hashes, so each arriving row would touch a random page of each index: cheap while they fit
 * the cache, ruinous later. The first plan of a corpus drops them and builds them again, sorted, at its end. What
 * was dropped stands in `meta` in the same transaction, so a plan that is killed between the two builds them when
 * it is run again.
 */
import type { Db } from '../open.ts'

const META_KEY = 'deferred_indexes'
const DEFERRED = ['facts_by_id', 'facts_by_key', 'facts_by_group']

/** Does nothing where facts are stored already: they would all be sorted again for a few new ones. */
export function deferFactIndexes(db: Db): void {
  const isEmpty = db.prepare('SELECT 1 FROM facts LIMIT 1').get() === undefined
  if (!isEmpty || deferred(db) !== undefined) return
  db.transaction(() => {
    const definitions = db
      .prepare<[string], { name: string; sql: string }>(
        `SELECT name, sql FROM sqlite_master
         WHERE type = 'index' AND name IN (SELECT value FROM json_each(?)) ORDER BY name`,
      )
      .all(JSON.stringify(DEFERRED))
    db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)').run(
      META_KEY,
      JSON.stringify(definitions.map((definition) => definition.sql)),
    )
    for (const { name } of definitions) db.exec(`DROP INDEX ${name}`)
  }).immediate()
}

export const areFactIndexesDeferred = (db: Db): boolean => deferred(db) !== undefined

/** One transaction an index, each marked as done in its own. */
export function restoreFactIndexes(db: Db): void {
  if (!areFactIndexesDeferred(db)) return
  // Sorted in files, or sorting would take as much memory as the index is long.
  db.pragma('temp_store = FILE')
  buildDeferred(db)
  db.pragma('temp_store = MEMORY')
}

function buildDeferred(db: Db): void {
  for (let todo = deferred(db); todo !== undefined; todo = deferred(db)) {
    const [sql, ...rest] = todo
    db.transaction(() => {
      if (sql !== undefined) db.exec(sql)
      if (rest.length > 0) {
        db.prepare('UPDATE meta SET value = ? WHERE key = ?').run(JSON.stringify(rest), META_KEY)
      } else {
        db.prepare('DELETE FROM meta WHERE key = ?').run(META_KEY)
      }
    }).immediate()
  }
}

function deferred(db: Db): string[] | undefined {
  const row = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?').get(META_KEY)
  return row && (JSON.parse(row.value) as string[])
}
