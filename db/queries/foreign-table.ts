/** Tables of somebody else's SQLite file, read only and in their own order. */
import Database from 'better-sqlite3'
import type { Db } from '../open.ts'

/** @throws SqliteError where the file is no database */
export const openForeign = (path: string): Db => new Database(path, { readonly: true, fileMustExist: true })

/** Tables and views, ascending, without SQLite's own. */
export const foreignTables = (db: Db): string[] =>
  db
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .all()
    .map(({ name }) => name)

export const foreignColumns = (db: Db, table: string): string[] =>
  db
    .prepare<[string], { name: string }>('SELECT name FROM pragma_table_xinfo(?) ORDER BY cid')
    .all(table)
    .map(({ name }) => name)

/**
 * Whole numbers come as BigInt, text as its bytes: SQLite stores what it was given, also what is not UTF-8. In a
 * file that is encoded as UTF-16 SQLite has to convert, and text comes as text.
 */
export function* foreignRows(
  db: Db,
  table: string,
  columns: readonly string[],
): Generator<Record<string, unknown>> {
  const isUtf8 = db.pragma('encoding', { simple: true }) === 'UTF-8'
  const value = (name: string): string =>
    isUtf8 ? `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END` : name
  const list = columns.map((column) => `${value(quoted(column))} AS ${quoted(column)}`).join(', ')
  const rows = db.prepare<[], Record<string, unknown>>(`SELECT ${list} FROM ${quoted(table)}`)
  yield* rows.safeIntegers().iterate()
}

/** Names come from a person and from a file, so they are quoted as SQL quotes them. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
