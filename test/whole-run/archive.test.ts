/** Old runs and fields leave the workspace whole, come back byte for byte, and nothing goes without its record. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ArchiveRecord } from '../../schemas/archive.ts'
import { latestRecords } from '../../src/control/archive/archive-index.ts'
import { restoreArchive } from '../../src/control/archive/restore-archive.ts'
import { verifyArchives } from '../../src/control/archive/verify-archives.ts'
import { openWorkspace } from '../../src/control/workspace.ts'
import { cli, cliJson } from '../support/cli.ts'
import { plannedWorld } from '../support/demo-world.ts'
import { folderOfFile, newFolder } from '../support/folder.ts'
import { callsToTry, countCalls, dieAt } from '../support/preload/die-at.ts'
import { canPreload } from '../support/preload/preload.ts'

const root = folderOfFile()
/** The workspace before, and after its archives were made: three runs and three fields, each larger than the one before. */
const template = join(root, 'before')
const folder = join(root, 'after')
let records: ArchiveRecord[]

beforeAll(async () => {
  const { dir } = await plannedWorld({ facts: 100, shards: 2, folder: root })
  for (const limit of ['8', '8', '100000']) {
    await cliJson(dir, ['run', '--new', '--limit', limit])
    await cliJson(dir, ['merge'])
  }
  copy(dir, template)
  records = await create(dir)
  copy(dir, folder)
}, 240_000)

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

const create = (dir: string) => cliJson<ArchiveRecord[]>(dir, ['archive', 'create', '--keep', '1'])

/** A workspace of the test's own, as it was before or after. */
function copyOf(from: string, name = 'rff'): string {
  const dir = join(newFolder(), name)
  copy(from, dir)
  return dir
}

async function restoring(dir: string, name: string): Promise<void> {
  const workspace = openWorkspace(dir, 'use')
  try {
    await restoreArchive(workspace, name)
  } finally {
    workspace.close()
  }
}

const indexOf = (dir: string): ArchiveRecord[] =>
  readFileSync(join(dir, 'archives/index.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ArchiveRecord)

test('what is old leaves with its record, what is current stays, and it comes back byte for byte', async () => {
  const dir = copyOf(template)
  const before = { ...contentOf(join(dir, 'runs')), ...contentOf(join(dir, 'field')) }
  const current = readFileSync(join(dir, 'field/_current/MERGED'), 'utf8').trim()
  const made = await create(dir)
  expect(made.map(({ kind }) => kind).sort()).toEqual(['field', 'field', 'run', 'run'])
  expect(indexOf(dir)).toEqual(made)
  expect(readdirSync(join(dir, 'field')).sort()).toEqual([current, '_current'].sort())
  expect(readdirSync(join(dir, 'runs'))).toHaveLength(1)
  expect((await cli(dir, ['archive', 'verify'])).exitCode).toBe(0)
  expect((await cli(dir, ['audit', '--deep'])).exitCode).toBe(0)
  expect((await cli(dir, ['merge'])).exitCode).toBe(0)

  for (const { name } of made) await cliJson(dir, ['archive', 'restore', name])
  expect({ ...contentOf(join(dir, 'runs')), ...contentOf(join(dir, 'field')) }).toEqual(before)
  // The same content again needs no second archive.
  expect(await create(dir)).toEqual(made)
  expect(indexOf(dir)).toEqual(made)
}, 120_000)

test('an archive is a tar that everybody s tar can read', () => {
  const [record] = records
  const listed = spawnSync('tar', ['-tf', join(folder, 'archives', record!.file)], { encoding: 'utf8' })
  expect(listed.stdout.trimEnd().split('\n')).toHaveLength(record!.files)
  expect(listed.stdout.startsWith(`${record!.original}/`)).toBe(true)
}, 120_000)

test('an archive that an older record names is not written over on the same day', async () => {
  const dir = copyOf(folder)
  const { name, original, file } = records[0]!
  const before = readFileSync(join(dir, 'archives', file))
  for (const note of ['once', 'twice']) {
    await restoring(dir, name)
    writeFileSync(join(dir, original, 'note'), note)
    await create(dir)
  }
  expect(readFileSync(join(dir, 'archives', file)).equals(before)).toBe(true)
  const files = indexOf(dir).flatMap((record) => (record.name === name ? [record.file] : []))
  expect(new Set(files).size).toBe(3)
}, 60_000)

describe('a create that died', () => {
  /** The workspace as it was before, with the archives of one that got as far as `upTo` says. */
  function diedAfter(upTo: 'half an archive' | 'archive' | 'half a record' | 'record' | 'half a removal') {
    const dir = copyOf(template)
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
    const dir = copyOf(folder)
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

  /** Every boundary between two changes of files with RFF_TEST_FULL=1, a few of them without. */
  test.skipIf(!canPreload)(
    'a restore that dies at any change of a file is ended by the next one, and leaves nothing half',
    async () => {
      const record = records.find(({ kind }) => kind === 'field')!
      const args = ['archive', 'restore', record.name]
      const begin = () => copyOf(folder, 'killed-rff')
      const count = await countCalls('/killed-rff/', (env) => cli(begin(), args, env))
      expect(count).toBeGreaterThan(10)
      for (const call of callsToTry(count, 4)) {
        const at = `call ${call} of ${count}`
        const dir = begin()
        expect((await cli(dir, args, dieAt('/killed-rff/', call))).signal, at).toBe('SIGKILL')
        const target = join(dir, record.original)
        const isWhole = existsSync(target)
        if (isWhole) expect(contentOf(target), at).toEqual(contentOf(join(template, record.original)))
        const again = await cli(dir, args)
        expect([again.exitCode, again.stderr], at).toEqual([isWhole ? 2 : 0, expect.anything()])
        expect(contentOf(target), at).toEqual(contentOf(join(template, record.original)))
        expect(readdirSync(join(dir, 'field')).sort(), at).not.toContainEqual(expect.stringMatching(/^\./))
        expect((await verifyArchives(join(dir, 'archives'), [])).map(({ failure }) => failure)).toEqual(
          records.map(() => null),
        )
      }
    },
    7_200_000,
  )

  test('what was being made is cleared away by the next create', async () => {
    const dir = copyOf(folder)
    const left = [
      join(dir, 'archives', dirname(records[0]!.file), '.new-run-20200101_000000.tar.gz'),
      join(dir, 'field/.20200101_000000.restoring/field.sqlite'),
    ]
    for (const path of left) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, 'half')
    }
    await cliJson(dir, ['archive', 'create', '--keep', '1'])
    expect(left.filter((path) => existsSync(path))).toEqual([])
    expect(existsSync(dirname(left[1]!))).toBe(false)
  })
})
