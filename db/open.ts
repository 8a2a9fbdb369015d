/**
 * Opens a SQLite file of ours: pragmas set and read back, schema brought up to date.
 *
 * Seven kinds of file, one folder of migrations each. Every connection that writes is WAL with synchronous=FULL:
 * an answer that was acknowledged survives a power cut (WAL's default in this build is NORMAL, which does not).
 */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { RffError } from '../schemas/failure.ts'
import { type FileKind, findOtherSchema, migrationsOf, readMigration } from './schema-of.ts'

export type Db = Database.Database

interface OpenOptions {
  readonly mode: 'create' | 'write' | 'read'
  /** How long a statement waits for another writer's lock. */
  readonly busyTimeoutMs?: number
}

/**
 * A file that is refused is left as it was.
 *
 * @param mode `create` makes the file where it is missing or empty; `write` and `read` refuse such a one
 * @throws RffError input_not_found, shard_missing, shard_damaged, schema_newer, schema_older, schema_behind, plan_mismatch
 */
export function openDb(path: string, kind: FileKind, { mode, busyTimeoutMs = 10_000 }: OpenOptions): Db {
  if (mode !== 'create' && !existsSync(path)) {
    const code = kind === 'shard' ? 'shard_missing' : 'input_not_found'
    throw new RffError(code, `there is no ${kind} file at ${path}`)
  }
  const db = connect(path, kind, mode === 'read', busyTimeoutMs)
  try {
    // In one snapshot: another process may be making the file just now.
    db.transaction(() => refuseForeign(db, path, kind, mode))()
    if (mode !== 'read') setDurable(db, path)
    db.pragma('foreign_keys = ON')
    db.pragma('temp_store = MEMORY')
    db.pragma('cache_size = -65536') // 64 MiB
    if (mode !== 'read') migrate(db, path, kind)
  } catch (cause) {
    db.close()
    throw asDamage(cause, path, kind)
  }
  return db
}

function connect(path: string, kind: FileKind, readonly: boolean, timeout: number): Db {
  try {
    return new Database(path, { readonly, timeout })
  } catch (cause) {
    throw asDamage(cause, path, kind)
  }
}

function setDurable(db: Db, path: string): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  // Rows keyed by hashes touch other pages in every commit; copied back at every 4 MiB, SQLite's default, most are
  // written again at once. A tenth of a run's processor time (bench/trials/real-path.ts).
  db.pragma('wal_autocheckpoint = 8192') // pages of 4 KiB
  const journal = db.pragma('journal_mode', { simple: true })
  const synchronous = db.pragma('synchronous', { simple: true })
  if (journal !== 'wal' || synchronous !== 2) {
    throw new RffError(
      'internal',
      `${path} opened with journal_mode ${journal} and synchronous ${synchronous}, expected wal and 2`,
    )
  }
}

/** SQLite says NOTADB or CORRUPT where a file is not what it should be; everything else is passed on. */
function asDamage(cause: unknown, path: string, kind: FileKind): unknown {
  if (!(cause instanceof Database.SqliteError)) return cause
  const isDamage =
    /SQLITE_(?:NOTADB|CORRUPT)/.test(cause.code) ||
    // It has no code of its own for a header that names a format of schemas nobody has made.
    cause.message === 'unsupported file format'
  if (!isDamage) return cause
  return new RffError('shard_damaged', `${path} is not a sound ${kind} file: ${cause.message}`, { cause })
}

/**
 * Applies what is missing, each migration in a transaction of its own.
 *
 * Foreign keys are off outside it, since the pragma does nothing inside one and a table that is rebuilt would
 * cascade; they are checked before the commit.
 */
function migrate(db: Db, path: string, kind: FileKind): void {
  const files = migrationsOf(kind)
  if (versionOf(db) === files.length) return
  db.pragma('foreign_keys = OFF')
  const apply = db.transaction((from: number) => {
    for (const file of files.slice(from)) db.exec(readMigration(kind, file))
    const broken = db.pragma('foreign_key_check') as unknown[]
    if (broken.length > 0)
      throw new RffError('internal', `${path}: a migration broke ${broken.length} references`)
    db.pragma(`user_version = ${files.length}`)
    db.pragma(`application_id = ${APPLICATION_IDS[kind]}`)
  })
  // Two processes may open a new file at once: the version is read again under the lock.
  db.transaction(() => apply(versionOf(db))).immediate()
  db.pragma('foreign_keys = ON')
}

/** 'rff' and a letter for the kind, in the file's header, so that a swapped file is known before it is read. */
const APPLICATION_IDS: Record<FileKind, number> = {
  control: 0x72666663,
  corpus: 0x72666666,
  shard: 0x72666673,
  field: 0x7266666c,
  search: 0x72666669,
  embeddings: 0x72666665,
  vectors: 0x72666676,
}

const versionOf = (db: Db): number => db.pragma('user_version', { simple: true }) as number

/** Who opens such a file for writing; a published field and its index never change, and are made anew. */
const BROUGHT_UP_BY: Record<FileKind, string> = {
  control: 'any command on the workspace',
  corpus: 'rff-shard plan',
  shard: 'rff-shard run',
  field: 'a new one by rff-shard merge',
  search: 'a new one by rff-shard search',
  embeddings: 'rff-shard embed',
  vectors: 'rff-shard embed',
}

function refuseForeign(db: Db, path: string, kind: FileKind, mode: OpenOptions['mode']): void {
  const version = versionOf(db)
  const applicationId = db.pragma('application_id', { simple: true })
  if (version === 0 && applicationId === 0 && isEmpty(db)) {
    if (mode === 'create') return
    throw new RffError('shard_damaged', `${path} is not a sound ${kind} file: it is empty`)
  }
  if (applicationId !== APPLICATION_IDS[kind]) {
    throw new RffError(
      'plan_mismatch',
      `${path} is not a ${kind} file of rff-shard (application id ${applicationId})`,
    )
  }
  // One of ours has its version from the transaction that made its first table.
  if (version < 1) {
    throw new RffError('shard_damaged', `${path} is not a sound ${kind} file: its schema is ${version}`)
  }
  const known = migrationsOf(kind).length
  if (version > known) {
    throw new RffError(
      'schema_newer',
      `${path} has ${kind} schema ${version}, this version knows up to ${known}`,
    )
  }
  if (version < known && mode === 'read') {
    throw new RffError(
      'schema_behind',
      `${path} has ${kind} schema ${version}, expected ${known}; ${BROUGHT_UP_BY[kind]} brings it up to date`,
    )
  }
  const other = findOtherSchema(db, kind, version)
  if (other !== null) {
    throw new RffError(
      'schema_older',
      `${path} has a ${kind} schema of an older version of rff-shard: its ${other} is not the one that is expected`,
    )
  }
}

const isEmpty = (db: Db): boolean => db.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() === undefined
