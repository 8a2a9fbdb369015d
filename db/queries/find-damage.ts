import Database from 'better-sqlite3'
import { asFailure } from '../../schemas/as-failure.ts'

/**
 * Walks every page of a database file; nothing in it is changed.
 *
 * It takes as long as reading the whole file does, so it is for files that something went wrong with.
 *
 * @returns the first thing that is wrong with its pages; null where they hold together, or where it cannot be opened
 */
export function findDamage(path: string): string | null {
  let db: Database.Database | undefined
  try {
    db = new Database(path, { readonly: true, fileMustExist: true })
    const told = db.pragma('quick_check(1)', { simple: true }) as string
    return told === 'ok' ? null : told.replaceAll('\n', ' ')
  } catch (cause) {
    const { code, message } = asFailure(cause)
    return code === 'shard_damaged' || code === 'disk_failed' ? message : null
  } finally {
    db?.close()
  }
}
