import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { commitGroup } from '../../src/runner/commit-group.ts'
import { newFolder } from '../support/folder.ts'

function setup(guard: () => void = () => undefined) {
  const db = new Database(join(newFolder(), 'group.sqlite'))
  db.pragma('journal_mode = WAL')
  db.exec('CREATE TABLE item (n INTEGER PRIMARY KEY) STRICT')
  const insert = db.prepare('INSERT INTO item (n) VALUES (?)')
  const rows = () => db.prepare('SELECT n FROM item ORDER BY n').pluck().all()
  return { db, group: commitGroup(db, guard), insert, rows }
}

test('what is joined in one turn is one transaction', async () => {
  let transactions = 0
  const { group, insert, rows } = setup(() => {
    transactions += 1
  })
  await Promise.all([1, 2, 3].map((n) => group.join(() => insert.run(n))))
  expect(rows()).toEqual([1, 2, 3])
  expect(transactions).toBe(1)
})

test('a join resolves only when another connection can read its rows', async () => {
  const { db, group, insert } = setup()
  const reader = new Database(db.name, { readonly: true })
  await group.join(() => insert.run(7))
  expect(reader.prepare('SELECT count(*) FROM item').pluck().get()).toBe(1)
})

test('a join returns what its work returned', async () => {
  const { group } = setup()
  expect(await Promise.all([group.join(() => 'a'), group.join(() => 2)])).toEqual(['a', 2])
})

test('a bad entry fails alone, with nothing of it left', async () => {
  const { group, insert, rows } = setup()
  const outcomes = await Promise.allSettled([
    group.join(() => insert.run(1)),
    group.join(() => {
      insert.run(2)
      throw new Error('bad entry')
    }),
    group.join(() => insert.run(3)),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(rows()).toEqual([1, 3])
})

test('a lost lease writes nothing', async () => {
  const { group, insert, rows } = setup(() => {
    throw new Error('lease lost')
  })
  const outcomes = await Promise.allSettled([
    group.join(() => insert.run(1)),
    group.join(() => insert.run(2)),
  ])
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
  expect(rows()).toEqual([])
})
