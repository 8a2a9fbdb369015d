import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Db, openDb } from '../../db/open.ts'
import { prepareNamed } from '../../db/prepare-named.ts'
import { newFolder } from '../support/folder.ts'

const setup = () => openDb(join(newFolder(), 'a.sqlite'), 'shard', { mode: 'create' })

interface Named {
  readonly no: number
  readonly amount: number
  readonly state: string | null
}

const PUT = 'INSERT INTO grants (grant_id, run_id, micro_usd, tokens, calls, state) VALUES'

const stored = (db: Db): unknown =>
  db.prepare('SELECT grant_id, run_id, micro_usd, tokens, calls, state FROM grants').raw().get()

test('values go where their names stand, in whatever order the object has them and however often', () => {
  const db = setup()
  prepareNamed<Named>(db, `${PUT} (@no, @no, @amount, @no, @amount, @state)`).run({
    state: 'open',
    amount: 7,
    no: 1,
  })
  expect(stored(db)).toEqual([1, 1, 7, 1, 7, 'open'])
})

test('a field that is missing is refused by name, one that is null is stored as NULL', () => {
  const db = setup()
  const put = prepareNamed<Partial<Named>>(db, `${PUT} (@no, 1, 0, 0, 0, @state)`)
  expect(() => put.run({ state: 'open' })).toThrow(/"no"/u)
  expect(() => put.run({ state: null, no: 2 })).toThrow(/NOT NULL constraint failed: grants.state/u)
})
