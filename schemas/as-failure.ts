import { type Failure, type FailureCode, RffError } from './failure.ts'

/** What SQLite or the system said, as ours; the first that fits. What was not committed was not acknowledged. */
const KNOWN: readonly (readonly [RegExp, FailureCode])[] = [
  // Memory that processes share cannot be made larger where no room is left.
  [/^(?:SQLITE_FULL|SQLITE_IOERR_SHM\w*|ENOSPC|EDQUOT)$/, 'disk_full'],
  [/^(?:SQLITE_NOTADB|SQLITE_CORRUPT\w*|SQLITE_IOERR_SHORT_READ)$/, 'shard_damaged'],
  [/^(?:SQLITE_IOERR\w*|EIO)$/, 'disk_failed'],
  [/^(?:SQLITE_READONLY\w*|SQLITE_CANTOPEN\w*|EACCES|EPERM|EROFS)$/, 'file_denied'],
]

/** By a person's open transaction as well as by a process that stands still; SQLite does not say by whom. */
const LOCKED = 'a file of the workspace is locked by a process that does not let go of it'

/** npm did not run the script that fetches or compiles better-sqlite3, or ran it for another version of Node. */
const UNBUILT = /^Could not locate the bindings file|was compiled against a different Node\.js version/

/** Whatever was thrown, as data that crosses a thread. */
export function asFailure(cause: unknown): Failure {
  if (cause instanceof RffError) return { code: cause.code, message: cause.message }
  if (!(cause instanceof Error)) return { code: 'internal', message: String(cause) }
  if (UNBUILT.test(cause.message)) return { code: 'sqlite_unbuilt', message: cause.message.split('\n')[0]! }
  const told = 'code' in cause ? String(cause.code) : ''
  if (told.startsWith('SQLITE_BUSY')) return { code: 'lock_held', message: LOCKED }
  const code = KNOWN.find(([pattern]) => pattern.test(told))?.[1]
  return code === undefined
    ? { code: 'internal', message: cause.stack ?? cause.message }
    : { code, message: cause.message.startsWith(told) ? cause.message : `${told}: ${cause.message}` }
}

const OF_ONE_FILE: ReadonlySet<FailureCode> = new Set([
  'shard_missing',
  'shard_damaged',
  'schema_newer',
  'schema_older',
  'schema_behind',
  'plan_mismatch',
  'disk_failed',
  'file_denied',
])

/** Whether it says something of one file, and so nothing of the others beside it. */
export const isOfOneFile = ({ code }: Failure): boolean => OF_ONE_FILE.has(code)

const NOT_READ: Readonly<Record<string, string>> = {
  EISDIR: 'it is a directory, expected a file',
  EACCES: 'permission denied',
}

/** Of a file that a person named. @param what it was to be, such as `the prompt` */
export function unreadable(what: string, path: string, cause: unknown): RffError {
  const { code = '', message } = cause as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? new RffError('input_not_found', `${what} ${path} is not there`, { cause })
    : new RffError('input_unreadable', `${what} ${path} cannot be read: ${NOT_READ[code] ?? message}`, {
        cause,
      })
}
