import { type Failure, RffError } from './failure.ts'

/** SQLite's codes for a disk that is full or gone; what was not committed was not acknowledged. */
const DISK_CODES = /^SQLITE_(?:FULL|IOERR)/

/** By a person's open transaction as well as by a process that stands still; SQLite does not say by whom. */
const LOCKED = 'a file of the workspace is locked by a process that does not let go of it'

/** Whatever was thrown, as data that crosses a thread. */
export function asFailure(cause: unknown): Failure {
  if (cause instanceof RffError) return { code: cause.code, message: cause.message }
  if (!(cause instanceof Error)) return { code: 'internal', message: String(cause) }
  const code = 'code' in cause ? String(cause.code) : ''
  if (DISK_CODES.test(code) || code === 'ENOSPC')
    return { code: 'disk_full', message: `${code}: ${cause.message}` }
  if (code.startsWith('SQLITE_BUSY')) return { code: 'lock_held', message: LOCKED }
  if (/^SQLITE_(?:NOTADB|CORRUPT)/.test(code))
    return { code: 'shard_damaged', message: `${code}: ${cause.message}` }
  return { code: 'internal', message: cause.stack ?? cause.message }
}
