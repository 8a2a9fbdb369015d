import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { timeStatements } from '../../db/time-statements.ts'

function setup() {
  const db = new Database(':memory:')
  db.exec('CREATE TABLE item (n INTEGER PRIMARY KEY) STRICT')
  const seen: { sql: string; ms: number }[] = []
  timeStatements(db, (sql, ms) => seen.push({ sql, ms }))
  return { db, seen, names: () => seen.map(({ sql }) => sql) }
}

test('every call of a statement is seen, under its SQL without comments and line breaks', () => {
  const { db, names } = setup()
  const insert = db.prepare(`
    -- A remark.
    INSERT INTO item (n)
    VALUES (?)`)
  insert.run(1)
  insert.run(2)
  expect(db.prepare('SELECT n FROM item ORDER BY n').pluck().all()).toEqual([1, 2])
  expect(names()).toEqual([
    'INSERT INTO item (n) VALUES (?)',
    'INSERT INTO item (n) VALUES (?)',
    'SELECT n FROM item ORDER BY n',
  ])
})

test('a statement that fails is seen, and its error passes', () => {
  const { db, names } = setup()
  const insert = db.prepare('INSERT INTO item (n) VALUES (?)')
  insert.run(1)
  expect(() => insert.run(1)).toThrow(/UNIQUE/)
  expect(names()).toHaveLength(2)
})

test('rows that are iterated are all given, and a loop that breaks off frees the connection', () => {
  const { db } = setup()
  db.exec('INSERT INTO item (n) VALUES (1), (2), (3)')
  const rows = db.prepare<[], number>('SELECT n FROM item ORDER BY n').pluck()
  expect([...rows.iterate()]).toEqual([1, 2, 3])
  for (const n of rows.iterate()) {
    expect(n).toBe(1)
    break
  }
  expect(() => db.exec('DELETE FROM item')).not.toThrow()
})

test('a transaction is rolled back as without measuring, and beginning and committing are seen', () => {
  const { db, names } = setup()
  const insert = db.prepare('INSERT INTO item (n) VALUES (?)')
  const put = db.transaction((...numbers: number[]) => {
    for (const n of numbers) insert.run(n)
    return numbers.length
  })
  expect(put.immediate(1, 2)).toBe(2)
  expect(() => put(3, 1)).toThrow(/UNIQUE/)
  expect(db.prepare('SELECT count(*) FROM item').pluck().get()).toBe(2)
  expect(names().filter((sql) => sql === 'BEGIN … COMMIT')).toHaveLength(2)
})

test('what stands between beginning and committing is not in their time', () => {
  const { db, seen } = setup()
  const untilMs = (ms: number): void => {
    const end = performance.now() + ms
    while (performance.now() < end);
  }
  db.transaction(() => untilMs(200))()
  expect(seen).toHaveLength(1)
  expect(seen[0]!.ms).toBeLessThan(100)
})
