import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import { duplicateQueries } from '../../../db/queries/coverage-duplicates.ts'
import { factProvenance } from '../../../db/queries/fact-provenance.ts'
import { beginUnion, fillMembers } from '../../../db/queries/field-members.ts'
import { fieldReading } from '../../../db/queries/field-reading.ts'
import { newFolder } from '../../support/folder.ts'

function openBoth(): { corpus: Db; field: Db } {
  const folder = newFolder()
  const corpus = openDb(join(folder, 'corpus.sqlite'), 'corpus', { mode: 'create' })
  const field = openDb(join(folder, 'field.sqlite'), 'field', { mode: 'create' })
  field.prepare('ATTACH ? AS corpus').run(join(folder, 'corpus.sqlite'))
  onTestFinished(() => {
    field.close()
    corpus.close()
  })
  return { corpus, field }
}

/** Which of the tables named so SQLite would read from end to end, in any statement that `work` prepares or runs. */
function scansIn(db: Db, work: (db: Db) => void): string[] {
  const heard: string[] = []
  const listening = new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...values: unknown[]) => {
        if (name === 'prepare' || name === 'exec') heard.push(String(values[0]))
        return Reflect.apply(value, target, values) as unknown
      }
    },
  })
  work(listening)
  const asking = heard.flatMap((sql) => sql.split(';')).filter((sql) => sql.includes('SELECT'))
  return asking.flatMap((sql) =>
    db
      .prepare<[], string>(`EXPLAIN QUERY PLAN ${sql.replaceAll(/[@?]\w*/gu, "'x'")}`)
      .raw()
      .all()
      .map((row) => String(row[3]))
      .filter((detail) => /^SCAN (?:f|n|facts)\b(?!.* USING )/u.test(detail)),
  )
}

const uniteMembers = (db: Db): void => {
  beginUnion(db)
  fillMembers(db, ['definition', 'other'], 'corpus')
}

test('no statement that looks for the facts of a group reads all facts', () => {
  const { corpus, field } = openBoth()
  expect(scansIn(field, uniteMembers)).toEqual([])
  expect(scansIn(field, (db) => void fieldReading(db))).toEqual([])
  expect(scansIn(corpus, (db) => void duplicateQueries(db))).toEqual([])
  expect(scansIn(corpus, (db) => void factProvenance(db))).toEqual([])
})
