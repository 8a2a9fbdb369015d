/**
 * The file in which all threads and processes meet that ask under one limit: a row of words for each.
 *
 * It holds no books, only what was seen of a server a moment ago. So it is never synced, and stands apart from the
 * control file: a request must not wait for its leave until somebody's commit is on the disk.
 */
import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { isBusy } from '../is-busy.ts'
import type { Db } from '../open.ts'

export interface LimitWords {
  /** Puts a row there, made from what is there. */
  begin(limitId: string, choose: (before: BigInt64Array | null) => BigInt64Array): void
  /** Brings `words` up to date, lets `act` change them and keeps them, while nobody else does. */
  change<T>(limitId: string, words: BigInt64Array, act: () => T): T
  close(): void
}

/** Longer than anybody works under the lock, unless he was stopped in the middle. */
const BUSY_TIMEOUT_MS = 1_000
/** Few pages are written over and over; so the file beside it stays small. */
const CHECKPOINT_PAGES = 250

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS limit_words (
    limit_id TEXT PRIMARY KEY, -- provider, model, and a digest of the key: never the key
    words BLOB NOT NULL -- 64-bit integers of this machine
  ) STRICT, WITHOUT ROWID`

/** A file that a power cut has broken is made anew. */
export function openLimitWords(path: string): LimitWords {
  const db = openIfSound(path)
  if (db !== null) return limitWordsIn(db)
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
  return limitWordsIn(connect(path))
}

/** It may open and be torn further in; it is a few pages, so all of them are looked at. */
function openIfSound(path: string): Db | null {
  let db: Db | undefined
  try {
    db = connect(path)
    if (db.pragma('quick_check', { simple: true }) === 'ok') return db
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError && /SQLITE_(?:NOTADB|CORRUPT)/.test(cause.code))) {
      db?.close()
      throw cause
    }
  }
  db?.close()
  return null
}

function connect(path: string): Db {
  const db = new Database(path, { timeout: BUSY_TIMEOUT_MS })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = OFF')
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  db.exec(SCHEMA)
  return db
}

function limitWordsIn(db: Db): LimitWords {
  const find = db.prepare<object, Buffer>('SELECT words FROM limit_words WHERE limit_id = @limitId').pluck()
  const put = db.prepare(
    `INSERT INTO limit_words (limit_id, words) VALUES (@limitId, @words)
     ON CONFLICT DO UPDATE SET words = excluded.words`,
  )
  const read = (limitId: string, words: BigInt64Array): void => {
    const stored = find.get({ limitId })
    if (stored?.byteLength === words.byteLength) bytesOf(words).set(stored)
  }
  const begin = db.transaction((limitId: string, choose: Parameters<LimitWords['begin']>[1]) => {
    const stored = find.get({ limitId })
    put.run({ limitId, words: bytesOf(choose(stored === undefined ? null : wordsOf(stored))) })
  })
  const change = db.transaction((limitId: string, words: BigInt64Array, act: () => unknown) => {
    read(limitId, words)
    const result = act()
    put.run({ limitId, words: bytesOf(words) })
    return result
  })
  return {
    begin: (limitId, choose) => begin.immediate(limitId, choose),
    change: <T>(limitId: string, words: BigInt64Array, act: () => T): T => {
      try {
        return change.immediate(limitId, words, act) as T
      } catch (cause) {
        if (!isBusy(cause)) throw cause
        // One that was stopped in the middle must not stop all others: what was seen last has to do.
        return act()
      }
    },
    close: () => void db.close(),
  }
}

const bytesOf = (words: BigInt64Array): Buffer =>
  Buffer.from(words.buffer, words.byteOffset, words.byteLength)

/** A row of another version may be of another length, and is nothing that we know. */
function wordsOf(stored: Buffer): BigInt64Array {
  const words = new BigInt64Array(Math.floor(stored.byteLength / BigInt64Array.BYTES_PER_ELEMENT))
  bytesOf(words).set(stored.subarray(0, words.byteLength))
  return words
}
