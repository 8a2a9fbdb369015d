/** Threads load compiled files only, so this runs what `npm run build` made. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import { factQueries } from '../../../db/queries/facts.ts'
import { inputQueries } from '../../../db/queries/inputs.ts'
import { loadHashKey } from '../../../shards/hash-key.ts'
import { newFolder } from '../../support/folder.ts'

const compiled = new URL('../../../dist/src/control/expand/expand.js', import.meta.url)

/** Threads are started from twenty thousand facts on. */
const FACT_COUNT = 21_000

/** Words drawn by their rank's share, as in a language: a few are everywhere, most are rare. */
function textOf(at: number): string {
  const words: string[] = []
  let state = at + 1
  for (let word = 0; word < 9; word++) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223
    const share = ((state >>> 0) + 1) / 2 ** 32
    words.push(`w${Math.floor(4 ** (6 * share))}`)
  }
  return words.join(' ')
}

async function setup(): Promise<Db> {
  const db = openDb(join(newFolder(), 'corpus.sqlite'), 'corpus', { mode: 'create' })
  const hashKey = await loadHashKey()
  inputQueries(db).insert({ planNo: 1, path: 'facts.jsonl', format: 'jsonl' })
  const queries = factQueries(db)
  db.transaction(() => {
    for (let at = 0; at < FACT_COUNT; at++) {
      const fact = { factId: `f${at}`, dupGroupId: `f${at}`, domain: '', text: textOf(at), source: '' }
      queries.insert(fact, hashKey(fact.factId), { inputNo: 1, byteOffset: at, lineNumber: at + 1 })
    }
  })()
  return db
}

test('any number of threads makes the same clusters', async () => {
  const { expand } = (await import(compiled.href)) as typeof import('../../../src/control/expand/expand.ts')
  const seen: unknown[][] = []
  for (const threadCount of [1, 2, 3]) {
    const db = await setup()
    await expand(db, {
      planNo: 1,
      mode: 'cover',
      scope: 'corpus',
      maxMembers: 12,
      topK: 12,
      scoreFloor: 0.15,
      postingsCap: 200,
      threadCount,
    })
    seen.push(db.prepare('SELECT * FROM cluster_facts ORDER BY cluster_id, i').all())
    db.close()
  }
  expect(seen[0]!.length).toBe(FACT_COUNT)
  expect(seen[1]).toEqual(seen[0])
  expect(seen[2]).toEqual(seen[0])
})
