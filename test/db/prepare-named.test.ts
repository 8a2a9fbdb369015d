import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDb } from '../../db/open.ts'
import { prepareNamed } from '../../db/prepare-named.ts'
import { newFolder } from '../support/folder.ts'

const setup = () => openDb(join(newFolder(), 'a.sqlite'), 'shard', { mode: 'create' })

interface Named {
  readonly name: string
  readonly value: number | null
}

test('values go where their names stand, in whatever order the object has them and however often', () => {
  const db = setup()
  const select = prepareNamed<Named, { said: string }>(
    db,
    "SELECT @name || '=' || @value || ' ' || @name AS said",
  )
  expect(select.get({ value: 7.5, name: 'x' })).toEqual({ said: 'x=7.5 x' })
})

test('a field that is missing is refused by name, one that is null is stored as NULL', () => {
  const db = setup()
  const put = prepareNamed<Partial<Named>>(db, 'INSERT INTO cursors (name, value) VALUES (@name, @value)')
  expect(() => put.run({ name: 'x' })).toThrow(/"value"/u)
  const select = prepareNamed<Named, { missing: number }>(
    db,
    'SELECT @value IS NULL AND @name IS NOT NULL AS missing',
  )
  expect(select.get({ name: 'x', value: null })).toEqual({ missing: 1 })
})
