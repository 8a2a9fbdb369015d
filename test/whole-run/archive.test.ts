/** Old runs and fields leave the workspace whole, come back byte for byte, and nothing goes without its record. */
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Header } from 'tar'
import { afterAll, describe, expect, test } from 'vitest'
import type { ArchiveRecord } from '../../schemas/archive.ts'
import { latestRecords } from '../../src/control/archive/archive-index.ts'
import { restoreArchive } from '../../src/control/archive/restore-archive.ts'
import { verifyArchives } from '../../src/control/archive/verify-archives.ts'
import { openWorkspace } from '../../src/control/workspace.ts'
import { cli, cliJson } from '../support/cli.ts'
import { plannedWorld, type World } from '../support/demo-world.ts'
import { newFolder } from '../support/folder.ts'

/** Three runs and three fields, each larger than the one before. */
async function grownWorld(): Promise<World> {
  const world = await plannedWorld({ facts: 200, shards: 2 })
  for (const limit of ['8', '8', '100000']) {
    await cliJson(world.dir, ['run', '--new', '--limit', limit])
    await cliJson(world.dir, ['merge'])
  }
  return world
}

/** Every file below, by path and content. */
function contentOf(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return Object.fromEntries(
    files
      .map((file) => join(file.parentPath, file.name))
      .sort()
      .map((path) => [path.slice(dir.length), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  )
}

const copy = (from: string, to: string): void => cpSync(from, to, { recursive: true })

const create = (world: World) => cliJson<ArchiveRecord[]>(world.dir, ['archive', 'create', '--keep', '1'])
async function restoring(dir: string, name: string): Promise<void> {
  const workspace = openWorkspace(dir, 'use')
  try {
    await restoreArchive(workspace, name)
  } finally {
    workspace.close()
  }
}

const indexOf = (world: World): ArchiveRecord[] =>
  readFileSync(join(world.dir, 'archives/index.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ArchiveRecord)

test('what is old leaves with its record, what is current stays, and it comes back byte for byte', async () => {
  const world = await grownWorld()
  const before = { ...contentOf(join(world.dir, 'runs')), ...contentOf(join(world.dir, 'field')) }
  const current = readFileSync(join(world.dir, 'field/_current/MERGED'), 'utf8').trim()
  const records = await create(world)
  expect(records.map(({ kind }) => kind).sort()).toEqual(['field', 'field', 'run', 'run'])
  expect(indexOf(world)).toEqual(records)
  expect(readdirSync(join(world.dir, 'field')).sort()).toEqual([current, '_current'].sort())
  expect(readdirSync(join(world.dir, 'runs'))).toHaveLength(1)
  expect((await cli(world.dir, ['archive', 'verify'])).exitCode).toBe(0)
  expect((await cli(world.dir, ['audit', '--deep'])).exitCode).toBe(0)
  expect((await cli(world.dir, ['merge'])).exitCode).toBe(0)

  for (const { name } of records) await cliJson(world.dir, ['archive', 'restore', name])
  expect({ ...contentOf(join(world.dir, 'runs')), ...contentOf(join(world.dir, 'field')) }).toEqual(before)
  // The same content again needs no second archive.
  expect(await create(world)).toEqual(records)
  expect(indexOf(world)).toEqual(records)
}, 120_000)

test('an archive is a tar that everybody s tar can read', async () => {
  const world = await grownWorld()
  const [record] = await create(world)
  const { spawnSync } = await import('node:child_process')
  const listed = spawnSync('tar', ['-tf', join(world.dir, 'archives', record!.file)], { encoding: 'utf8' })
  expect(listed.stdout.trimEnd().split('\n')).toHaveLength(record!.files)
  expect(listed.stdout.startsWith(`${record!.original}/`)).toBe(true)
}, 120_000)

describe('a create that died', () => {
  const root = mkdtempSync(join(tmpdir(), 'rff-test-'))
  /** The workspace before, and after its archives were made. */
  const template = join(root, 'before')
  const folder = join(root, 'after')
  let records: ArchiveRecord[]
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  test('(its world is made)', async () => {
    const world = await grownWorld()
    copy(world.dir, template)
    records = await create(world)
    copy(world.dir, folder)
    expect(records).toHaveLength(4)
  }, 120_000)

  /** The workspace as it was before, with the archives of one that got as far as `upTo` says. */
  function diedAfter(upTo: 'half an archive' | 'archive' | 'half a record' | 'record' | 'half a removal') {
    const dir = join(newFolder(), 'rff')
    copy(template, dir)
    const [first] = records
    const archive = join(dir, 'archives', first!.file)
    mkdirSync(dirname(archive), { recursive: true })
    const bytes = readFileSync(join(folder, 'archives', first!.file))
    if (upTo === 'half an archive') writeFileSync(`${archive}`, bytes.subarray(0, bytes.length / 2))
    else writeFileSync(archive, bytes)
    const line = `${JSON.stringify(first)}\n`
    const index = join(dir, 'archives/index.jsonl')
    if (upTo === 'half a record') appendFileSync(index, line.slice(0, 40))
    if (upTo === 'record' || upTo === 'half a removal') appendFileSync(index, line)
    if (upTo === 'half a removal') {
      const parent = join(dir, dirname(first!.original))
      const leaving = join(parent, `.${first!.tag}.leaving`)
      renameSync(join(dir, first!.original), leaving)
      rmSync(join(leaving, readdirSync(leaving)[0]!), { recursive: true })
    }
    return dir
  }

  test.each(['half an archive', 'archive', 'half a record', 'record', 'half a removal'] as const)(
    'after %s is finished by the next one, and nothing is lost',
    async (upTo) => {
      const dir = diedAfter(upTo)
      await cliJson(dir, ['archive', 'create', '--keep', '1'])
      const names = [...latestRecords(join(dir, 'archives')).keys()].sort()
      expect(names).toEqual(records.map(({ name }) => name).sort())
      const verified = await verifyArchives(join(dir, 'archives'), [])
      expect(verified.map(({ failure }) => failure)).toEqual(records.map(() => null))
      for (const { name } of records) await restoring(dir, name)
      for (const part of ['runs', 'field'])
        expect(contentOf(join(dir, part))).toEqual(contentOf(join(template, part)))
      expect(readdirSync(join(dir, 'runs')).filter((name) => name.startsWith('.'))).toEqual([])
    },
    60_000,
  )

  test('an archive with a bit turned is found, and gives nothing back', async () => {
    const dir = join(newFolder(), 'rff')
    copy(folder, dir)
    const path = join(dir, 'archives', records[0]!.file)
    const bytes = readFileSync(path)
    bytes[bytes.length >> 1]! ^= 4
    writeFileSync(path, bytes)
    const verified = await cli(dir, ['archive', 'verify'])
    expect(verified.exitCode).toBe(2)
    expect(verified.stderr).toMatch(/archive_damaged: .*SHA-256/)
    const restored = await cli(dir, ['archive', 'restore', records[0]!.name])
    expect(restored.exitCode).toBe(2)
    expect(existsSync(join(dir, records[0]!.original))).toBe(false)
  })

  /** An archive with one entry, and a record that vouches for it. */
  function hostile(
    entry: { path: string; type?: 'File' | 'SymbolicLink' | 'Link'; linkpath?: string },
    change = {},
  ) {
    const dir = join(newFolder(), 'rff')
    copy(folder, dir)
    const content = Buffer.from('owned')
    const header = new Header({
      mode: 0o644,
      size: entry.type === undefined || entry.type === 'File' ? content.length : 0,
      mtime: new Date(0),
      type: 'File',
      ...entry,
    })
    const block = Buffer.alloc(512)
    header.encode(block, 0)
    const body = Buffer.alloc(header.size === 0 ? 0 : 512)
    content.copy(body, 0, 0, header.size === 0 ? 0 : content.length)
    const archive = gzipSync(Buffer.concat([block, body, Buffer.alloc(1024)]))
    const record = { ...records[0]!, file: '20260101/run-20260101_000000.tar.gz', ...change }
    mkdirSync(join(dir, 'archives/20260101'), { recursive: true })
    writeFileSync(join(dir, 'archives/20260101/run-20260101_000000.tar.gz'), archive)
    const archive_sha256 = createHash('sha256').update(archive).digest('hex')
    writeFileSync(join(dir, 'archives/index.jsonl'), `${JSON.stringify({ ...record, archive_sha256 })}\n`)
    return { dir, record }
  }

  const inside = (name: string) => `${records[0]!.original}/${name}`
  const hostileEntries = () => [
    { path: '../evil' },
    { path: '/tmp/rff-evil' },
    { path: inside('../../evil') },
    { path: inside('a'), type: 'SymbolicLink' as const, linkpath: '/etc/passwd' },
    { path: inside('a'), type: 'Link' as const, linkpath: '../../../evil' },
    { path: 'shards/0000.sqlite' },
  ]

  test('an archive cannot write outside the folder that it is of, nor leave a link', async () => {
    for (const entry of hostileEntries()) {
      const { dir, record } = hostile(entry)
      await expect(restoring(dir, record.name), entry.path).rejects.toMatchObject({
        code: 'archive_damaged',
        message: expect.stringMatching(/it holds/),
      })
      expect(existsSync(join(dir, '../evil'))).toBe(false)
      expect(existsSync('/tmp/rff-evil')).toBe(false)
      expect(existsSync(join(dir, record.original))).toBe(false)
    }
  }, 60_000)

  test('an index that points elsewhere is refused before a file is opened', async () => {
    for (const change of [
      { original: '../../evil' },
      { original: 'runs/..' },
      { file: '../../../etc/passwd' },
      { tag: '../x' },
    ]) {
      const { dir, record } = hostile({ path: inside('a') }, change)
      await expect(restoring(dir, record.name), JSON.stringify(change)).rejects.toMatchObject({
        code: 'archive_damaged',
        message: expect.stringMatching(/line 1 .*is no record/),
      })
    }
  }, 60_000)

  test('names are matched, never joined to a path', async () => {
    const dir = join(newFolder(), 'rff')
    copy(folder, dir)
    for (const name of ['../../etc/passwd', 'run-1;rm -rf', 'field-$(id)'])
      await expect(restoring(dir, name)).rejects.toMatchObject({ code: 'not_found' })
  }, 60_000)
})
