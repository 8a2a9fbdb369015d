/**
 * New facts of a block into `facts`, without a value of theirs passing through JavaScript's strings or SQLite's
 * parameters: their records are laid out from the bytes they were read from, in a file beside the corpus, and copied.
 *
 * SQLite copies records as they are only where both tables have the same definition, the target has no index and
 * references are not checked: so during a first plan, whose indexes come at its end (see deferFactIndexes).
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import type { Db } from '../open.ts'
import { MOST_RECORD_BYTES, TableFile, varintBytes, writeVarint } from '../table-file.ts'
import type { InputPlace } from './facts.ts'

/** A new fact as bytes, and where it was read. */
export interface ArrivingFact extends InputPlace {
  readonly bytes: Uint8Array
  /** Start and end, exclusive, of fact_id, dup_group_id, domain, text and source, in UTF-8. */
  readonly spans: Int32Array
  /** The first of its spans. */
  readonly at: number
  /** The halves of its key. */
  readonly keyHigh: number
  readonly keyLow: number
}

/** Of `facts`, in the order of its definition. */
const COLUMNS = 11
const TEXT_COLUMNS = [1, 3, 4, 5, 6] as const
const [KEY, STATE, PLACE] = [2, 7, 8] as const

/** Serial types of SQLite's records and how long their values are: https://sqlite.org/fileformat2.html#record_format */
const NULL_TYPE = 0
const INTEGER_BYTES = Uint8Array.of(0, 1, 2, 3, 4, 6, 8, 0, 0, 0)
const textType = (bytes: number): number => 13 + 2 * bytes

const LIVE = Buffer.from('live')
const TWO_32 = 2 ** 32

export function arrivingFacts(db: Db) {
  const path = `${db.name}-arriving`
  const definition = db
    .prepare<[], { sql: string }>("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'facts'")
    .get()!.sql
  const file = new TableFile(definition)
  // Written over and over: to cut it and let it grow again would take longer than to fill it. What an earlier block
  // leaves behind its end belongs to no page that the header knows of.
  const handle = openSync(path, 'w')
  const layOut = recordWriter(file)
  let isAttached = false
  db.pragma('foreign_keys = OFF') // an input's row stands before its facts; `audit` checks it afterwards
  return {
    /**
     * @param factNo larger than all before
     * @returns false for a fact that is too long for this way, or one too many
     */
    add: layOut,
    /** All that were added, into `facts`; within the transaction of their block. */
    store(): void {
      if (file.isEmpty) return
      writeWhole(handle, file.finish())
      db.prepare('ATTACH ? AS arriving').run(path)
      isAttached = true
      db.prepare('INSERT INTO facts SELECT * FROM arriving.facts').run()
    },
    /** After the transaction, however it ended: a file cannot be let go within one. */
    release(): void {
      if (isAttached) db.prepare('DETACH arriving').run()
      isAttached = false
    },
    close(): void {
      db.pragma('foreign_keys = ON')
      closeSync(handle)
      rmSync(path, { force: true })
    },
  }
}

function writeWhole(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, bytes.length - at, at)
}

/** The busiest code of a plan, so nothing is made for a fact (bench/trials/plan.ts). */
function recordWriter(file: TableFile) {
  const types = new Int32Array(COLUMNS)
  const highs = new Int32Array(COLUMNS)
  const lows = new Int32Array(COLUMNS)
  types[0] = NULL_TYPE // fact_no is the rowid
  types[STATE] = textType(LIVE.length)

  const setInteger = (column: number, high: number, low: number): void => {
    types[column] = integerType(high, low)
    highs[column] = high
    lows[column] = low
  }
  const setCount = (column: number, count: number): void =>
    setInteger(column, count < TWO_32 ? 0 : Math.floor(count / TWO_32), count | 0)

  return (factNo: number, fact: ArrivingFact): boolean => {
    const { bytes, spans, at } = fact
    for (let text = 0; text < TEXT_COLUMNS.length; text++) {
      types[TEXT_COLUMNS[text]!] = textType(spans[at + 2 * text + 1]! - spans[at + 2 * text]!)
    }
    setInteger(KEY, fact.keyHigh, fact.keyLow)
    setCount(PLACE, fact.inputNo)
    setCount(PLACE + 1, fact.byteOffset)
    setCount(PLACE + 2, fact.lineNumber)
    let headerBytes = 1 // its own length: eleven types of at most four bytes
    let bodyBytes = 0
    for (let column = 0; column < COLUMNS; column++) {
      headerBytes += varintBytes(types[column]!)
      bodyBytes += bytesOf(types[column]!)
    }
    if (headerBytes + bodyBytes > MOST_RECORD_BYTES || file.isFull) return false
    let to = file.addRow(factNo, headerBytes + bodyBytes)
    const target = file.bytes
    target[to++] = headerBytes
    for (let column = 0; column < COLUMNS; column++) to = writeVarint(target, to, types[column]!)
    to = copyBytes(bytes, spans[at]!, spans[at + 1]!, target, to)
    to = writeInteger(target, to, bytesOf(types[KEY]!), fact.keyHigh, fact.keyLow)
    for (let span = at + 2; span < at + 10; span += 2) {
      to = copyBytes(bytes, spans[span]!, spans[span + 1]!, target, to)
    }
    to = copyBytes(LIVE, 0, LIVE.length, target, to)
    for (let column = PLACE; column < COLUMNS; column++) {
      to = writeInteger(target, to, bytesOf(types[column]!), highs[column]!, lows[column]!)
    }
    return true
  }
}

const bytesOf = (type: number): number => (type < 12 ? INTEGER_BYTES[type]! : (type - 13) >> 1)

/** The narrowest that holds the number, as SQLite would choose it. */
function integerType(high: number, low: number): number {
  const small = low | 0
  if (high !== small >> 31) return high === (high << 16) >> 16 ? 5 : 6
  if (high === 0 && small < 2) return 8 + small // 0 and 1 take no byte at all
  const size = small < 0 ? ~small : small
  if (size < 0x80) return 1
  if (size < 0x8000) return 2
  return size < 0x800000 ? 3 : 4
}

/** The lowest `bytes` bytes of the two halves, the most significant first. */
function writeInteger(target: Uint8Array, to: number, bytes: number, high: number, low: number): number {
  let at = to
  for (let shift = 8 * (bytes - 5); shift >= 0; shift -= 8) target[at++] = high >> shift
  for (let shift = 8 * (Math.min(bytes, 4) - 1); shift >= 0; shift -= 8) target[at++] = low >> shift
  return at
}

/** Below, what a call costs is more than a loop. */
const WORTH_A_CALL_BYTES = 64

function copyBytes(from: Uint8Array, start: number, end: number, target: Uint8Array, to: number): number {
  if (end - start < WORTH_A_CALL_BYTES) {
    for (let at = start; at < end; at++) target[to + at - start] = from[at]!
  } else target.set(from.subarray(start, end), to)
  return to + end - start
}
