/** Threads load compiled files only, so this runs what `npm run build` made. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import { corpusTexts } from '../../../db/queries/corpus-texts.ts'
import { factQueries } from '../../../db/queries/facts.ts'
import { inputQueries } from '../../../db/queries/inputs.ts'
import { createFactOwners, roomForOwners } from '../../../src/passes/60-x-link/fact-owners.ts'
import { createMentionIndex } from '../../../src/passes/60-x-link/mention-index.ts'
import { createTextReader, roomForTally, type TextIndexes } from '../../../src/passes/60-x-link/read-texts.ts'
import { startProfiler } from '../../../src/profile/profiler.ts'
import { newFolder } from '../../support/folder.ts'

const compiled = new URL('../../../dist/src/control/merge/read-texts-in-threads.js', import.meta.url)
const { readTextsInThreads } = (await import(
  compiled.href
)) as typeof import('../../../src/control/merge/read-texts-in-threads.ts')

const FACTS = 400
/** Between the numbers of two facts, so that few of them fill as many shares as a large corpus. */
const STRIDE = 1_000
const NAMES = ['leaf', 'green alga', 'pigment', 'chloroplast']

function setup(): { db: Db; path: string; indexes: TextIndexes } {
  const path = join(newFolder(), 'corpus.sqlite')
  const db = openDb(path, 'corpus', { mode: 'create' })
  inputQueries(db).insert({ planNo: 1, path: 'facts.jsonl', format: 'jsonl' })
  const queries = factQueries(db)
  const owners = createFactOwners(roomForOwners(FACTS))
  const mentions = createMentionIndex()
  for (const [no, name] of NAMES.entries()) mentions.add(no, name, true)
  db.transaction(() => {
    for (let at = 0; at < FACTS; at++) {
      const [one, other] = [NAMES[at % 4]!, NAMES[(at * 7 + 1) % 4]!]
      const text = `A ${one} ${at % 3 === 0 ? 'contains' : 'stands beside'} a ${other} of seldom${at % 90}.`
      const fact = { factId: `f${at}`, dupGroupId: `f${at}`, domain: '', text, source: '' }
      queries.insert(fact, BigInt(at), { inputNo: 1, byteOffset: at, lineNumber: at + 1 })
      owners.add(fact.factId, at % 4)
    }
    db.exec(`UPDATE facts SET fact_no = -fact_no * ${STRIDE}; UPDATE facts SET fact_no = -fact_no`)
  })()
  return { db, path, indexes: { mentions, owners } }
}

test('any number of threads reads the same out of the texts', async () => {
  const { db, indexes } = setup()
  const alone = roomForTally(indexes.mentions, NAMES.length)
  const reader = createTextReader(indexes, alone)
  for (const { factId, text } of corpusTexts(db, 'main').all()) reader.read(factId, text)
  expect(alone.saysRelation).toContain(1)
  for (const threads of [2, 3]) {
    const read = readTextsInThreads(db, 'main', threads)!
    const tally = roomForTally(indexes.mentions, NAMES.length)
    await read(indexes, tally)
    expect(tally.factCounts).toEqual(alone.factCounts)
    expect(tally.saysRelation).toEqual(alone.saysRelation)
    expect(Buffer.compare(tally.terms.counts, alone.terms.counts)).toBe(0)
  }
})

test('the pages that threads read are told with the rest', async () => {
  const { db, indexes } = setup()
  const profiler = startProfiler()
  await readTextsInThreads(db, 'main', 2, profiler)!(indexes, roomForTally(indexes.mentions, NAMES.length))
  const { parts, passes, statements } = profiler.end()!
  expect(parts).toBe(3)
  expect(passes).toMatchObject([{ name: 'texts, in threads', calls: 2 }])
  expect(statements.map(({ name }) => name)).toContainEqual(
    expect.stringContaining('SELECT fact_no, fact_id, text'),
  )
})

test('one thread, or few facts, start none', () => {
  const { db } = setup()
  expect(readTextsInThreads(db, 'main', 1)).toBeUndefined()
  db.exec(`DELETE FROM facts WHERE fact_no > ${2 * STRIDE}`)
  expect(readTextsInThreads(db, 'main', 2)).toBeUndefined()
})

test('a thread that cannot read the corpus says which file it is, as a failure of ours', async () => {
  const { db, path, indexes } = setup()
  const read = readTextsInThreads(db, 'main', 2)!
  db.pragma('application_id = 7')
  await expect(read(indexes, roomForTally(indexes.mentions, NAMES.length))).rejects.toMatchObject({
    code: 'plan_mismatch',
    message: expect.stringContaining(path),
  })
})
