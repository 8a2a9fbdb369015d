import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { parquetWriteFile } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import { factsOf, linesOf, rowsOf, setup, type World } from './world.ts'

const FILE = new URL('../../data/inputs/metamath-40.jsonl', import.meta.url)
const LINES = readFileSync(FILE, 'utf8')
const FACTS = LINES.trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Record<string, string>)
const COLUMNS = ['fact_id', 'dup_group_id', 'domain', 'text', 'source']

const csvOf = (newline: string): string =>
  [COLUMNS, ...FACTS.map((fact) => COLUMNS.map((column) => fact[column]!))]
    .map((fields) => fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(','))
    .join(newline)

function putSqlite({ folder }: World, tables: readonly string[]): string {
  const path = join(folder, 'facts.sqlite')
  const db = new Database(path)
  for (const table of tables) {
    db.exec(`CREATE TABLE "${table}" (fact_id TEXT, dup_group_id TEXT, domain TEXT, text TEXT, source TEXT)`)
    const insert = db.prepare(
      `INSERT INTO "${table}" VALUES (@fact_id, @dup_group_id, @domain, @text, @source)`,
    )
    for (const fact of FACTS) insert.run(fact)
  }
  db.close()
  return path
}

function putParquet({ folder }: World, name: string, codec: 'SNAPPY' | 'UNCOMPRESSED'): string {
  const filename = join(folder, name)
  const columnData = COLUMNS.map((column) => ({ name: column, data: FACTS.map((fact) => fact[column]!) }))
  parquetWriteFile({ filename, columnData, rowGroupSize: 15, codec })
  return filename
}

const INPUTS: [string, (world: World) => Promise<string> | string][] = [
  ['gzipped JSONL', (world) => world.put('facts.jsonl.gz', gzipSync(LINES))],
  ['gzipped JSONL under another name', (world) => world.put('facts.jsonl', gzipSync(LINES))],
  ['JSONL with a byte order mark', (world) => world.put('facts.jsonl', `\uFEFF${LINES}`)],
  [
    'JSONL with Windows line ends and no last one',
    (world) => world.put('facts.jsonl', LINES.trimEnd().replaceAll('\n', '\r\n')),
  ],
  ['JSONL with blank lines', (world) => world.put('facts.jsonl', LINES.replaceAll('\n', '\n\n \n'))],
  ['CSV', (world) => world.put('facts.csv', csvOf('\n'))],
  ['CSV with Windows line ends', (world) => world.put('facts.csv', csvOf('\r\n'))],
  ['gzipped CSV', (world) => world.put('facts.csv.gz', gzipSync(csvOf('\n')))],
  ['Parquet', (world) => putParquet(world, 'facts.parquet', 'SNAPPY')],
  ['Parquet under another name', (world) => putParquet(world, 'facts.bin', 'UNCOMPRESSED')],
  ['a SQLite file with one table', (world) => putSqlite(world, ['statements'])],
  ['a table with an odd name of a SQLite file', (world) => `${putSqlite(world, ["a b'c", 'other'])}#a b'c`],
]

async function expected(): Promise<unknown[]> {
  const world = await setup()
  await world.take([await world.put('facts.jsonl', LINES)])
  return factsOf(world.corpus)
}

describe('the same facts come out of', () => {
  test.each(INPUTS)('%s', async (_, put) => {
    const world = await setup()
    const summary = await world.take([await put(world)])
    expect(summary).toMatchObject({ lines: FACTS.length, added: FACTS.length, refused: 0 })
    expect(factsOf(world.corpus)).toEqual(await expected())
  })

  test('standard input, plain and gzipped', async () => {
    for (const bytes of [Buffer.from(LINES), gzipSync(LINES)]) {
      const world = await setup()
      const child = spawnSync(
        process.execPath,
        [
          '--import',
          'tsx',
          new URL('./take-stdin.ts', import.meta.url).pathname,
          join(world.folder, 'corpus.sqlite'),
        ],
        { input: bytes, encoding: 'utf8' },
      )
      expect(child.stderr).toBe('')
      expect(factsOf(world.corpus)).toEqual(await expected())
    }
  })

  test('a named pipe', async () => {
    const world = await setup()
    const path = join(world.folder, 'pipe')
    execFileSync('mkfifo', [path])
    const writing = writeFile(path, gzipSync(LINES))
    await world.take([path])
    await writing
    expect(factsOf(world.corpus)).toEqual(await expected())
  })

  test('several inputs at once, each with counters of its own', async () => {
    const world = await setup()
    const first = await world.put('first.jsonl', FACTS.slice(0, 25))
    const second = await world.put('second.csv', csvOf('\n'))
    const summary = await world.take([first, second])
    expect(summary.inputs).toMatchObject([
      { path: first, format: 'jsonl', lines: 25, added: 25, repeated: 0 },
      { path: second, format: 'csv', lines: FACTS.length, added: FACTS.length - 25, repeated: 25 },
    ])
    expect(factsOf(world.corpus)).toEqual(await expected())
  })
})

describe('where a record stood', () => {
  const placesOf = ({ corpus }: World) =>
    corpus.prepare('SELECT fact_id, byte_offset, line_number FROM facts ORDER BY fact_no').all()

  test('is the byte and number of its line, behind a byte order mark and blank lines too', async () => {
    const world = await setup()
    const lines = [
      '{"fact_id":"ä","text":"x"}',
      '',
      '{"fact_id":"b","text":"x"}',
      '{"fact_id":"c","text":"x"}',
    ]
    await world.take([await world.put('facts.jsonl', `\uFEFF${lines.join('\n')}`)])
    expect(placesOf(world)).toEqual([
      { fact_id: 'ä', byte_offset: 3, line_number: 1 },
      { fact_id: 'b', byte_offset: 32, line_number: 3 },
      { fact_id: 'c', byte_offset: 59, line_number: 4 },
    ])
  })

  test('is the line where a CSV record begins, whatever its quotes hold', async () => {
    const world = await setup()
    await world.take([await world.put('facts.csv', 'fact_id,text\na,"one\ntwo, ""three"""\nb,x\n')])
    expect(placesOf(world)).toEqual([
      { fact_id: 'a', byte_offset: 13, line_number: 2 },
      { fact_id: 'b', byte_offset: 36, line_number: 4 },
    ])
    expect(factsOf(world.corpus)[0]).toMatchObject({ text: 'one\ntwo, "three"' })
  })

  test('is the number of the row in Parquet and SQLite, over all row groups', async () => {
    for (const path of [putParquet, (world: World) => putSqlite(world, ['t'])]) {
      const world = await setup()
      await world.take([path(world, 'facts.parquet', 'SNAPPY')])
      expect(placesOf(world).at(-1)).toEqual({
        fact_id: FACTS.at(-1)!.fact_id,
        byte_offset: FACTS.length,
        line_number: FACTS.length,
      })
    }
  })
})

describe('columns', () => {
  test('with other names are mapped in every format', async () => {
    const records = FACTS.map(({ fact_id, text }) => ({ nr: fact_id!, statement: text! }))
    const csv = [
      'nr,statement',
      ...records.map(({ nr, statement }) => `${nr},"${statement.replaceAll('"', '""')}"`),
    ]
    const map = { fact_id: 'nr', text: 'statement' }
    const worlds = await Promise.all([setup(), setup(), setup()])
    await worlds[0].take([await worlds[0].put('facts.jsonl', linesOf(records))], { map })
    await worlds[1].take([await worlds[1].put('facts.csv', csv.join('\n'))], { map })
    const filename = join(worlds[2].folder, 'facts.parquet')
    parquetWriteFile({
      filename,
      columnData: ['nr', 'statement'].map((name) => ({
        name,
        data: records.map((record) => record[name as 'nr' | 'statement']),
      })),
    })
    await worlds[2].take([filename], { map })
    expect(factsOf(worlds[0].corpus)).toHaveLength(FACTS.length)
    expect(factsOf(worlds[1].corpus)).toEqual(factsOf(worlds[0].corpus))
    expect(factsOf(worlds[2].corpus)).toEqual(factsOf(worlds[0].corpus))
  })

  test('of whole numbers become text, also beyond what a double holds', async () => {
    const world = await setup()
    const path = join(world.folder, 'facts.db')
    const db = new Database(path)
    db.exec("CREATE TABLE t (fact_id INTEGER, text TEXT); INSERT INTO t VALUES (9007199254740993, 'x')")
    db.close()
    await world.take([path])
    expect(factsOf(world.corpus)).toMatchObject([{ fact_id: '9007199254740993' }])
  })

  test('that hold bytes where text should be are refused, in SQLite and in Parquet', async () => {
    const world = await setup()
    const path = join(world.folder, 'facts.db')
    const db = new Database(path)
    db.exec(
      "CREATE TABLE t (fact_id TEXT, text TEXT); INSERT INTO t VALUES ('a', CAST(x'c328' AS TEXT)), ('b', 'x')",
    )
    db.close()
    const parquet = join(world.folder, 'facts.parquet')
    const data = [Uint8Array.from([0xc3, 0x28])]
    parquetWriteFile({ filename: parquet, columnData: [{ name: 'text', data, type: 'BYTE_ARRAY' }] })
    const summary = await world.take([path, parquet])
    expect(summary).toMatchObject({ lines: 3, added: 1, refused: 2 })
    expect(world.corpus.prepare('SELECT DISTINCT code FROM refused').all()).toEqual([
      { code: 'line_not_utf8' },
    ])
  })
})

test('a record longer than a block of reading is cut where its line ends', async () => {
  const world = await setup()
  const text = 'x'.repeat(3 * 2 ** 20)
  const path = await world.put('facts.jsonl', [{ text }, { text: `${text}y` }, { text: 'short' }])
  const limits = { maxLineBytes: 2 ** 23, maxTextChars: 2 ** 23 }
  expect(await world.take([path], { limits })).toMatchObject({ lines: 3, added: 3 })
  const lengths = world.corpus.prepare('SELECT length(text) AS chars FROM facts ORDER BY fact_no').all()
  expect(lengths).toEqual([{ chars: text.length }, { chars: text.length + 1 }, { chars: 5 }])
})

test('the indexes of the facts are there after the first plan and after the next', async () => {
  const world = await setup()
  const indexes = () =>
    world.corpus.prepare("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'facts' ORDER BY name").all()
  const before = indexes()
  await world.take([await world.put('facts.jsonl', LINES)])
  expect(indexes()).toEqual(before)
  await world.take([await world.put('more.jsonl', [{ text: 'more' }])], { planNo: 2 })
  expect(indexes()).toEqual(before)
  expect(rowsOf(world.corpus).facts).toHaveLength(FACTS.length + 1)
})
