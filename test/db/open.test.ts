import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { type FileKind, openDb } from '../../db/open.ts'
import { asFailure } from '../../schemas/as-failure.ts'
import { newFolder } from '../support/folder.ts'

const KINDS: FileKind[] = ['control', 'corpus', 'shard', 'field']

describe.each(KINDS)('a %s file', (kind) => {
  test('is durable: WAL with synchronous FULL, and its schema is there', () => {
    const db = openDb(join(newFolder(), 'a.sqlite'), kind, { mode: 'create' })
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
    expect(db.pragma('user_version', { simple: true })).toBeGreaterThan(0)
  })

  test('has only STRICT tables', () => {
    const db = openDb(join(newFolder(), 'a.sqlite'), kind, { mode: 'create' })
    const loose = db
      .prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
      )
      .pluck()
      .all()
    expect(loose).toEqual([])
  })

  test('of a newer version is refused, and nothing is written', () => {
    const path = join(newFolder(), 'a.sqlite')
    const db = openDb(path, kind, { mode: 'create' })
    db.pragma('user_version = 99')
    db.close()
    expect(() => openDb(path, kind, { mode: 'write' })).toThrow(/schema 99/)
    expect(new Database(path).pragma('user_version', { simple: true })).toBe(99)
  })

  test('that is missing is refused by name unless it is to be created', () => {
    const path = join(newFolder(), 'missing.sqlite')
    expect(() => openDb(path, kind, { mode: 'write' })).toThrow(path)
    expect(() => openDb(path, kind, { mode: 'read' })).toThrow(path)
  })

  test('that is no database is called damaged', () => {
    const path = join(newFolder(), 'a.sqlite')
    writeFileSync(path, 'this is no database, however long it may be. '.repeat(100))
    expect(() => openDb(path, kind, { mode: 'write' })).toThrow(
      expect.objectContaining({ code: 'shard_damaged' }),
    )
  })
})

test('a bit that turns in the header of a file is a code of ours, or changes nothing that is read', () => {
  const path = join(newFolder(), 'a.sqlite')
  const sound = openDb(path, 'shard', { mode: 'create' })
  sound.pragma('wal_checkpoint(TRUNCATE)')
  sound.close()
  const bytes = readFileSync(path)
  const codes = new Set<string>()
  for (let bit = 0; bit < 800; bit += process.env.RFF_TEST_FULL === '1' ? 1 : 7) {
    for (const tail of ['-wal', '-shm']) rmSync(path + tail, { force: true })
    const turned = Buffer.from(bytes)
    turned[bit >> 3]! ^= 1 << (bit & 7)
    writeFileSync(path, turned)
    for (const mode of ['read', 'write'] as const) codes.add(codeOfOpening(path, mode))
  }
  expect([...codes].sort()).toEqual(['opens', 'plan_mismatch', 'schema_newer', 'shard_damaged'])
}, 60_000)

function codeOfOpening(path: string, mode: 'read' | 'write'): string {
  try {
    openDb(path, 'shard', { mode }).close()
    return 'opens'
  } catch (cause) {
    return asFailure(cause).code
  }
}

test('a file of another kind is refused', () => {
  const path = join(newFolder(), 'a.sqlite')
  openDb(path, 'corpus', { mode: 'create' }).close()
  expect(() => openDb(path, 'shard', { mode: 'write' })).toThrow(/not a shard file/)
})

test('an empty database of somebody else is not taken over silently', () => {
  const path = join(newFolder(), 'a.sqlite')
  const other = new Database(path)
  other.exec('CREATE TABLE theirs (x)')
  other.close()
  expect(() => openDb(path, 'shard', { mode: 'write' })).toThrow(/not a shard file/)
})
