/** Conditions under which one large transaction into a file stays linear in its rows and flat in memory. */
import type { Db } from './open.ts'

/**
 * Sorting goes to files, and references are not looked up row by row: each would read a page of a table that is
 * larger than the cache. So `work` may only write rows whose references hold by construction; `audit` checks them.
 *
 * Outside of any transaction, since neither setting can be changed inside one.
 */
export function inBulk<T>(db: Db, work: () => T): T {
  db.pragma('temp_store = FILE')
  db.pragma('foreign_keys = OFF')
  try {
    return work()
  } finally {
    db.pragma('foreign_keys = ON')
    db.pragma('temp_store = MEMORY')
  }
}
