import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { exportManifestSchema } from '../../schemas/export-manifest.ts'
import { readManifest } from '../../src/control/merge/field-files.ts'
import { fieldNamed } from '../../src/control/status/field-named.ts'
import { exportToFolder, exportToStream } from '../../src/field/export/export-field.ts'
import { jsonl } from '../../src/field/export/jsonl.ts'
import { type Field, openField } from '../../src/field/open-field.ts'
import type { HandMade } from '../support/hand-made-workspace.ts'
import { FIELD_TAG, makeMergedWorkspace } from '../support/merged-workspace.ts'

let world: HandMade
let field: Field
afterEach(() => {
  field.close()
  world.remove()
})

async function setup() {
  world = await makeMergedWorkspace()
  const { fieldTag, files } = fieldNamed(world.workspace, null)
  const { field_digest: fieldDigest, complete: isComplete } = readManifest(files)
  field = openField(files.database, world.workspace.corpusPath)
  return { dir: join(world.workspace.dir, 'out'), stamp: { fieldTag, fieldDigest, isComplete } }
}

const linesOf = (dir: string, name: string): Record<string, unknown>[] =>
  readFileSync(join(dir, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

test('a concept carries its names, its members with text and source, and what says the same', async () => {
  const { dir, stamp } = await setup()
  exportToFolder(field, jsonl, stamp, dir)
  const heat = linesOf(dir, 'concepts.jsonl').find(({ name }) => name === 'Heat')
  expect(heat).toMatchObject({
    canonical_fact_id: 'heat-1',
    aliases: expect.arrayContaining([expect.objectContaining({ alias: 'heat flow', origin: 'alias' })]),
    members: [
      { fact_id: 'heat-1', role: 'definition', source: 'book, page 1', duplicates: [] },
      {
        fact_id: 'heat-2',
        text: 'Heat is measured in joules.',
        duplicates: [{ fact_id: 'heat-2b', text: 'The joule is the unit in which heat is measured.' }],
      },
    ],
  })
})

test('an edge carries both names and the facts that say so', async () => {
  const { dir, stamp } = await setup()
  exportToFolder(field, jsonl, stamp, dir)
  expect(linesOf(dir, 'edges.jsonl')).toEqual([
    expect.objectContaining({
      src_name: 'Light',
      rel_type: 'causes',
      dst_name: 'Heat',
      evidence: [
        expect.objectContaining({
          fact_id: 'light-1',
          text: 'Light is an electromagnetic wave.',
          cluster_id: world.clusterIdOf('light-1'),
          evidence: 'named',
        }),
      ],
    }),
  ])
})

test('the manifest tells the field and the rows, bytes and hash of each file', async () => {
  const { dir, stamp } = await setup()
  exportToFolder(field, jsonl, stamp, dir)
  const manifest = exportManifestSchema.parse(JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')))
  expect(manifest).toMatchObject({ field_tag: FIELD_TAG, field_digest: stamp.fieldDigest, complete: false })
  expect(manifest.files.map(({ name }) => name).sort()).toEqual(
    readdirSync(dir)
      .filter((name) => name !== 'manifest.json')
      .sort(),
  )
  for (const { name, rows, bytes, sha256 } of manifest.files) {
    const content = readFileSync(join(dir, name))
    expect(content.length).toBe(bytes)
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
    expect(content.toString('utf8').split('\n').length - 1).toBe(rows)
  }
  expect(manifest.files.map(({ rows }) => rows)).toEqual([2, 1, 2])
})

test('exporting again gives the same bytes in the same folder', async () => {
  const { dir, stamp } = await setup()
  const first = exportToFolder(field, jsonl, stamp, dir)
  expect(exportToFolder(field, jsonl, stamp, dir)).toEqual(first)
})

test("a folder with somebody's files in it is left alone", async () => {
  const { dir, stamp } = await setup()
  mkdirSync(dir)
  writeFileSync(join(dir, 'thesis.txt'), 'mine')
  expect(() => exportToFolder(field, jsonl, stamp, dir)).toThrow(
    expect.objectContaining({ code: 'file_exists' }),
  )
  expect(readdirSync(dir)).toEqual(['thesis.txt'])
})

test('the stream is the files one after another behind a line that names the field', async () => {
  const { dir, stamp } = await setup()
  exportToFolder(field, jsonl, stamp, dir)
  const printed: string[] = []
  exportToStream(field, jsonl, stamp, (text) => printed.push(text))
  const [head, ...rest] = `${printed.join('\n')}\n`.split(/(?<=\n)/)
  expect(JSON.parse(head!)).toMatchObject({ field_tag: FIELD_TAG, counts: { concepts: 2, edges: 1 } })
  expect(rest.join('')).toBe(
    ['concepts', 'edges', 'fact_relations']
      .map((name) => readFileSync(join(dir, `${name}.jsonl`), 'utf8'))
      .join(''),
  )
})

test('opening a field that is not there makes no file', async () => {
  await setup()
  const { workspace } = world
  expect(() => openField(join(workspace.dir, 'no.sqlite'), workspace.corpusPath)).toThrow(
    expect.objectContaining({ code: 'field_missing' }),
  )
  expect(() =>
    openField(fieldNamed(workspace, null).files.database, join(workspace.dir, 'no.sqlite')),
  ).toThrow(expect.objectContaining({ code: 'input_not_found' }))
  expect(readdirSync(workspace.dir)).not.toContain('no.sqlite')
})

test('a tag that is a path leads nowhere', async () => {
  await setup()
  expect(() => fieldNamed(world.workspace, '../../etc')).toThrow(expect.objectContaining({ code: 'usage' }))
})
