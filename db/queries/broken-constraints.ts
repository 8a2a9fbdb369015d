import Database from 'better-sqlite3'

/**
 * Rows that break a CHECK or NOT NULL of their table.
 *
 * SQLite forgets the CHECKs of a file that it opens for reading only, so its own check then passes whatever is stored. This
 * connection could write and does not; a WAL that nobody else has open is folded in when it closes.
 *
 * @throws SqliteError SQLITE_CANTOPEN, SQLITE_READONLY where the file cannot be written
 */
export function countBrokenConstraints(path: string): number {
  const db = new Database(path, { fileMustExist: true })
  try {
    db.pragma('query_only = ON')
    return db
      .prepare<[], number>("SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'")
      .pluck()
      .get()!
  } finally {
    db.close()
  }
}
