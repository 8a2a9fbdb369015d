import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import { openBuilding, withoutIndexes } from '../../../db/queries/field-building.ts'
import { dumpTables } from '../../../db/queries/field-dump.ts'
import { columnsOf, PUBLISHED_TABLES } from '../../../db/queries/field-tables.ts'
import { digestField } from '../../../src/passes/70-g-merge/stage.ts'

const folders: string[] = []
const setup = (): Db => {
  const folder = mkdtempSync(join(tmpdir(), 'rff-digest-'))
  folders.push(folder)
  return openDb(join(folder, 'field.sqlite'), 'field', { mode: 'create' })
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

type Member = readonly [concept: string, fact: string, group: string, role: string]

const insert = (db: Db, members: readonly Member[]): void => {
  const statement = db.prepare('INSERT INTO members VALUES (?, ?, ?, ?, 1, 0)')
  db.transaction(() => {
    for (const member of members) statement.run(...member)
  })()
}
const digestOf = (members: readonly Member[]): string => {
  const db = setup()
  insert(db, members)
  const digest = digestField(db)
  db.close()
  return digest
}

const numbered = (count: number): Member[] =>
  Array.from({ length: count }, (_, n) => [`con${n % 97}`, `fact${n}`, `group${n}`, 'other'] as const)

test('rows inserted in another order have the same digest', () => {
  const members = numbered(5_001)
  expect(digestOf([...members].reverse())).toBe(digestOf(members))
})

test.each([0, 1_999, 2_000, 2_001, 5_000])(
  'one changed byte in row %i of 5,001 gives another digest',
  (n) => {
    const changed = numbered(5_001).map(
      (member, i): Member => (i === n ? [member[0], member[1], 'Group', 'other'] : member),
    )
    expect(digestOf(changed)).not.toBe(digestOf(numbered(5_001)))
  },
)

test.each([1_999, 2_000, 2_001, 4_000])(
  'every one of %i rows is dumped once, wherever a block ends',
  (count) => {
    const db = setup()
    insert(db, numbered(count))
    const members = PUBLISHED_TABLES.filter(({ name }) => name === 'members')
    const text = Buffer.concat([...dumpTables(db, 'main', members)]).toString()
    const facts = [...text.matchAll(/:(fact\d+)/gu)].map(([, fact]) => fact)
    expect(facts).toHaveLength(count)
    expect(new Set(facts).size).toBe(count)
    db.close()
  },
)

test('moving a character from one column to the next gives another digest', () => {
  expect(digestOf([['a', 'b', 'cd', 'e']])).not.toBe(digestOf([['a', 'b', 'c', 'de']]))
  expect(digestOf([['a', 'b', '1:c', 'd']])).not.toBe(digestOf([['a', 'b', '1', ':cd']]))
})

test('different contents never have the same dump', () => {
  const text = fc.string({ maxLength: 4, unit: fc.constantFrom('1', ':', 'a', '\n', 'é', '(', '\0') })
  const members = fc.uniqueArray(fc.tuple(text, text, text, text), {
    maxLength: 3,
    selector: ([concept, fact]) => JSON.stringify([concept, fact]),
  })
  const keyOf = (list: readonly Member[]): string => JSON.stringify([...list].sort())
  fc.assert(
    fc.property(members, members, (a, b) => {
      expect(digestOf(a) === digestOf(b)).toBe(keyOf(a) === keyOf(b))
    }),
    { numRuns: 20 },
  )
})

test('the digest covers every column of every published table, and nothing else', () => {
  const db = setup()
  for (const table of PUBLISHED_TABLES) {
    const columns = db
      .prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
      .pluck()
      .all(table.name)
    expect([...columnsOf(table)].sort()).toEqual(columns.sort())
  }
  const empty = digestField(db)
  db.exec("INSERT INTO meta VALUES ('field_tag', 'x'); INSERT INTO superseded VALUES ('c', 'k', 'n', 'r')")
  expect(digestField(db)).toBe(empty)
  db.close()
})

test('an index that was put aside while rows were written is there again and finds them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rff-index-'))
  folders.push(folder)
  const db = openBuilding(join(folder, 'field.sqlite'))
  const indexes = () =>
    db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' ORDER BY name").pluck().all()
  const before = indexes()
  withoutIndexes(db, ['members', 'edges', 'aliases'], () => {
    expect(indexes().length).toBeLessThan(before.length)
    insert(db, numbered(10))
  })
  expect(indexes()).toEqual(before)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  db.close()
})
