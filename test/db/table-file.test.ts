import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { MOST_RECORD_BYTES, TableFile, writeVarint } from '../../db/table-file.ts'
import { newFolder } from '../support/folder.ts'

const DEFINITION = 'CREATE TABLE words (word TEXT NOT NULL) STRICT'

/** A record of one text, with its header. */
function recordOf(word: string): Buffer {
  const bytes = Buffer.alloc(word.length + 10)
  const headerBytes = writeVarint(bytes, 1, 13 + 2 * word.length)
  bytes[0] = headerBytes
  bytes.write(word, headerBytes)
  return bytes.subarray(0, headerBytes + word.length)
}

function add(file: TableFile, rowid: number, word: string): void {
  const record = recordOf(word)
  const at = file.addRow(rowid, record.length)
  file.bytes.set(record, at) // only now: its memory may be another one
}

function rowsOf(file: TableFile): { rows: [number, string][]; check: unknown } {
  const path = join(newFolder(), 'words.sqlite')
  writeFileSync(path, file.finish())
  const db = new Database(path, { readonly: true })
  try {
    const rows = db.prepare('SELECT rowid, word FROM words').raw().all() as [number, string][]
    return { rows, check: db.pragma('integrity_check', { simple: true }) }
  } finally {
    db.close()
  }
}

test.each([1, 2, 500, 5_000, 20_000])('SQLite finds %d rows in it, and no fault', (count) => {
  const file = new TableFile(DEFINITION)
  const rows = Array.from({ length: count }, (_, at): [number, string] => [
    at * 3 + 1,
    `word ${'x'.repeat((at * 7) % 300)}`,
  ])
  for (const [rowid, word] of rows) add(file, rowid, word)
  expect(rowsOf(file)).toEqual({ rows, check: 'ok' })
})

test('rowids up to 2^53 and records up to the longest find their place', () => {
  const file = new TableFile(DEFINITION)
  const longest = MOST_RECORD_BYTES - 4
  const rows: [number, string][] = [
    [0x7f, 'a'],
    [0x80, 'b'.repeat(longest)],
    [0x3fff, 'c'.repeat(longest)],
    [0x4000, 'd'],
    [0x1f_ffff, 'e'],
    [0x20_0000, 'f'],
    [0xfff_ffff, 'g'],
    [0x1000_0000, 'h'],
    [2 ** 35, 'i'.repeat(longest)],
    [Number.MAX_SAFE_INTEGER, 'j'],
  ]
  for (const [rowid, word] of rows) add(file, rowid, word)
  expect(recordOf('b'.repeat(longest)).length).toBe(MOST_RECORD_BYTES)
  expect(rowsOf(file)).toEqual({ rows, check: 'ok' })
})

test('it begins anew once it is finished, with nothing of what was before', () => {
  const file = new TableFile(DEFINITION)
  for (let rowid = 1; rowid < 9_000; rowid++) add(file, rowid, `long ago ${rowid}`)
  file.finish()
  expect(file.isEmpty).toBe(true)
  add(file, 7, 'now')
  expect(rowsOf(file)).toEqual({ rows: [[7, 'now']], check: 'ok' })
})

test('it is full long before its root is', () => {
  const file = new TableFile(DEFINITION)
  const word = 'x'.repeat(40_000) // one a page
  let rowid = 0
  while (!file.isFull) add(file, ++rowid, word)
  expect(rowid).toBe(1_025)
  const { rows, check } = rowsOf(file)
  expect([rows.length, check]).toEqual([rowid, 'ok'])
  expect(file.isFull).toBe(false)
})
