import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openDb } from '../../db/open.ts'
import type { FileKind } from '../../db/schema-of.ts'
import { asFailure } from '../../schemas/as-failure.ts'
import { newFolder } from '../support/folder.ts'

const KINDS: FileKind[] = ['control', 'corpus', 'shard', 'field', 'search', 'embeddings', 'vectors']

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

  test('has no CHECK with a list of three words: SQLite would build a table of it for every row', () => {
    const db = openDb(join(newFolder(), 'a.sqlite'), kind, { mode: 'create' })
    const definitions = db
      .prepare<[], string>("SELECT sql FROM sqlite_master WHERE type = 'table'")
      .pluck()
      .all()
    const lists = definitions.flatMap((sql) => sql.match(/\bIN \((?:'\w+',\s*){2,}'\w+'\)/gu) ?? [])
    expect(lists).toEqual([])
  })

  test('of a newer version is refused, and nothing is written', () => {
    const path = join(newFolder(), 'a.sqlite')
    const db = openDb(path, kind, { mode: 'create' })
    db.pragma('user_version = 99')
    db.close()
    expect(() => openDb(path, kind, { mode: 'write' })).toThrow(/schema 99/)
    expect(new Database(path).pragma('user_version', { simple: true })).toBe(99)
  })

  test('with a table of an older version is refused by its name, and nothing is written', () => {
    const path = join(newFolder(), 'a.sqlite')
    const db = openDb(path, kind, { mode: 'create' })
    const table = db
      .prepare("SELECT max(name) FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .get()
    db.exec(`ALTER TABLE ${table} ADD COLUMN there_before TEXT`)
    db.close()
    const before = readFileSync(path)
    for (const mode of ['read', 'write', 'create'] as const) {
      expect(() => openDb(path, kind, { mode })).toThrow(
        expect.objectContaining({
          code: 'schema_older',
          message: expect.stringContaining(`its table ${table} is not`),
        }),
      )
    }
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('may hold what a person added, and lack an index', () => {
    const path = join(newFolder(), 'a.sqlite')
    const db = openDb(path, kind, { mode: 'create' })
    db.exec('CREATE VIEW mine AS SELECT 1 AS one; CREATE TABLE notes (note)')
    const index = db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND sql <> ''")
      .pluck()
      .get()
    if (index !== undefined) db.exec(`DROP INDEX ${index}`)
    db.close()
    openDb(path, kind, { mode: 'read' }).close()
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

test.each(['control', 'shard'] as const)(
  'a %s file of an earlier version is refused for reading alone',
  (kind) => {
    const path = join(newFolder(), 'a.sqlite')
    const db = openDb(path, kind, { mode: 'create' })
    const version = db.pragma('user_version', { simple: true }) as number
    db.pragma(`user_version = ${version - 1}`)
    db.close()
    expect(() => openDb(path, kind, { mode: 'read' })).toThrow(
      expect.objectContaining({
        code: 'schema_behind',
        message: expect.stringContaining(`${kind} schema ${version - 1}, expected ${version}; `),
      }),
    )
  },
)

test('a table whose comments were mended is the same table', () => {
  const path = join(newFolder(), 'a.sqlite')
  const db = openDb(path, 'shard', { mode: 'create' })
  db.unsafeMode(true)
  db.pragma('writable_schema = ON')
  const { changes } = db
    .prepare(
      "UPDATE sqlite_master SET sql = replace(sql, '-- no reference', '--  none') WHERE name = 'attempts'",
    )
    .run()
  expect(changes).toBe(1)
  db.close()
  openDb(path, 'shard', { mode: 'read' }).close()
})

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
