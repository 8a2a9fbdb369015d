import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import { arrivingFacts } from '../../../db/queries/arriving-facts.ts'
import { deferFactIndexes } from '../../../db/queries/deferred-indexes.ts'
import { factQueries, type InputPlace } from '../../../db/queries/facts.ts'
import { inputQueries } from '../../../db/queries/inputs.ts'
import type { Fact } from '../../../schemas/fact.ts'
import { factEncoder } from '../../../src/control/intake/fact-bytes.ts'
import { newFolder } from '../../support/folder.ts'

interface Row {
  readonly fact: Fact
  readonly key: bigint
  readonly place: InputPlace
}

function setup(): Db {
  const corpus = openDb(join(newFolder(), 'corpus.sqlite'), 'corpus', { mode: 'create' })
  onTestFinished(() => void corpus.close())
  corpus.pragma('synchronous = OFF')
  deferFactIndexes(corpus)
  const inputs = inputQueries(corpus)
  corpus.transaction(() => {
    for (let no = 1; no <= 300; no++) inputs.insert({ planNo: 1, path: `${no}.jsonl`, format: 'jsonl' })
  })()
  return corpus
}

/** In one transaction, as a block of them is. @returns those that were too long */
function store(corpus: Db, rows: readonly Row[], firstNo = 1): Row[] {
  const arriving = arrivingFacts(corpus)
  const encode = factEncoder()
  const long = rows.filter(
    ({ fact, key, place }, at) => !arriving.add(firstNo + at, encode(fact, key, place)),
  )
  corpus.transaction(() => arriving.store())()
  arriving.release()
  arriving.close()
  return long
}

/** Every value with its type, and the bytes that all records take: a wider integer would show. */
const stored = (corpus: Db): unknown => ({
  rows: corpus.prepare('SELECT * FROM facts ORDER BY fact_no').safeIntegers().all(),
  types: corpus.prepare('SELECT typeof(key), typeof(text), typeof(line_number) FROM facts').raw().all(),
  bytes: corpus.prepare("SELECT sum(payload) AS bytes FROM dbstat WHERE name = 'facts'").get(),
  check: corpus.pragma('integrity_check'),
})

function insert(corpus: Db, rows: readonly Row[]): void {
  const facts = factQueries(corpus)
  corpus.transaction(() => {
    for (const { fact, key, place } of rows) facts.insert(fact, key, place)
  })()
}

const rowOf = (number: number, key: bigint, byteOffset = number): Row => ({
  fact: { factId: `f${number}`, dupGroupId: 'g', domain: '', text: 'Ice is cold.', source: 's' },
  key,
  place: { inputNo: 1, byteOffset, lineNumber: number },
})

test('integers at every width of SQLite are stored as SQLite stores them', () => {
  const around = [1n, 2n ** 7n, 2n ** 15n, 2n ** 23n, 2n ** 31n, 2n ** 32n, 2n ** 47n, 2n ** 62n]
  const keys = [0n, ...around.flatMap((edge) => [edge - 1n, edge, edge + 1n])]
  const signed = [...keys, ...keys.map((key) => -key), 2n ** 63n - 1n, -(2n ** 63n)]
  const rows = signed.map((key, at) => rowOf(at, key, Number(key >= 0n && key < 2n ** 53n ? key : 0n)))
  const [ours, theirs] = [setup(), setup()]
  expect(store(ours, rows)).toEqual([])
  insert(theirs, rows)
  expect(stored(ours)).toEqual(stored(theirs))
})

const WORDS = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constant('x'.repeat(900)),
)
const SOUND = WORDS.map((word) => word.replace(/\p{Surrogate}|\0/gu, ' '))
const ROWS = fc.array(
  fc.record({
    fact: fc.record({ factId: SOUND, dupGroupId: SOUND, domain: SOUND, text: SOUND, source: SOUND }),
    key: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    place: fc.record({
      inputNo: fc.integer({ min: 1, max: 300 }),
      byteOffset: fc.maxSafeNat(),
      lineNumber: fc.maxSafeNat(),
    }),
  }),
  { minLength: 1, maxLength: 40 },
)

test('whatever facts arrive, their rows are those of an INSERT', () => {
  fc.assert(
    fc.property(ROWS, (rows) => {
      const [ours, theirs] = [setup(), setup()]
      store(ours, rows)
      insert(theirs, rows)
      expect(stored(ours)).toEqual(stored(theirs))
    }),
    { numRuns: 12 },
  )
})

test('several blocks follow each other, and a fact too long for a page is told', () => {
  const corpus = setup()
  const block = (first: number): Row[] => Array.from({ length: 3_000 }, (_, at) => rowOf(first + at, 5n))
  expect(store(corpus, block(1))).toEqual([])
  const long = { ...rowOf(6_001, 5n), fact: { ...rowOf(0, 0n).fact, text: 'x'.repeat(70_000) } }
  expect(store(corpus, [...block(3_001), long], 3_001)).toEqual([long])
  expect(corpus.prepare('SELECT count(*), min(fact_no), max(fact_no) FROM facts').raw().get()).toEqual([
    6_000, 1, 6_000,
  ])
})

test.runIf(process.env.RFF_TEST_FULL === '1')(
  'more than 64 MiB of facts in one block are told, not stored wrongly',
  () => {
    const corpus = setup()
    const row = { ...rowOf(1, 5n), fact: { ...rowOf(0, 0n).fact, text: 'x'.repeat(60_000) } }
    const rest = store(
      corpus,
      Array.from({ length: 1_100 }, () => row),
    )
    expect(corpus.prepare('SELECT count(*) FROM facts').pluck().get()).toBe(1_100 - rest.length)
    expect(rest.length).toBe(75)
    expect(corpus.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }])
  },
)

test('a transaction that fails stores nothing, and no file is left once it is closed', () => {
  const corpus = setup()
  const arriving = arrivingFacts(corpus)
  const encode = factEncoder()
  const { fact, key, place } = rowOf(1, 5n)
  arriving.add(1, encode(fact, key, place))
  const fail = corpus.transaction(() => {
    arriving.store()
    throw new RangeError('in between')
  })
  expect(fail).toThrow(RangeError)
  arriving.release()
  expect(existsSync(`${corpus.name}-arriving`)).toBe(true)
  arriving.close()
  expect(readdirSync(join(corpus.name, '..')).filter((name) => name.includes('arriving'))).toEqual([])
  expect(corpus.prepare('SELECT count(*) FROM facts').pluck().get()).toBe(0)
})
