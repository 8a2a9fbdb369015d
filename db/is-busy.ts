import Database from 'better-sqlite3'

/** SQLite gave up waiting for a lock that another process holds: a person's open transaction, or one that stands still. */
export const isBusy = (cause: unknown): boolean =>
  cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')
