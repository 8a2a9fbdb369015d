/**
 * Archives that somebody else made, with records that vouch for them: nothing is written outside the folder that comes
 * back, nothing is left half, and none is unpacked to more than its record says.
 */
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Header, type HeaderData } from 'tar'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ArchiveRecord } from '../../schemas/archive.ts'
import { manifestOf } from '../../src/control/archive/folder-manifest.ts'
import { restoreArchive } from '../../src/control/archive/restore-archive.ts'
import { verifyArchives } from '../../src/control/archive/verify-archives.ts'
import { openWorkspace } from '../../src/control/workspace.ts'
import { cli } from '../support/cli.ts'
import { plannedWorld } from '../support/demo-world.ts'
import { folderOfFile, newFolder } from '../support/folder.ts'

const TAG = '20260102_030405'
const ORIGINAL = `runs/${TAG}`
const NAME = `run-${TAG}`
const FILE = `20260101/${NAME}.tar.gz`

const root = folderOfFile()
beforeAll(async () => void (await plannedWorld({ facts: 12, shards: 1, folder: root })))

interface Entry {
  readonly path: string
  readonly type?: NonNullable<HeaderData['type']>
  readonly linkpath?: string
  readonly content?: Buffer
}

const inside = (name: string): string => `${ORIGINAL}/${name}`
const OK = Buffer.from('fine')

function tarOf(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap(({ path, type = 'File', linkpath, content = OK }) => {
    const isFile = type === 'File'
    const block = Buffer.alloc(512)
    const header = { path, type, size: isFile ? content.length : 0, mode: 0o644, mtime: new Date(0) }
    new Header({ ...header, ...(linkpath === undefined ? {} : { linkpath }) }).encode(block, 0)
    if (!isFile) return [block]
    return [block, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

const hex = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** What an honest record of these files would say. */
function contentOf(entries: readonly Entry[]) {
  const files = entries.map(({ path, content = OK }) => ({
    path,
    bytes: content.length,
    sha256: hex(content),
  }))
  const { bytes, sha256 } = manifestOf(files)
  return { files: files.length, bytes, manifest_sha256: sha256 }
}

/** A workspace with this archive, and a record that says what `change` does not change. */
function setup(archive: Buffer, change: Partial<ArchiveRecord> = {}) {
  const dir = join(newFolder(), 'rff')
  cpSync(join(root, 'rff'), dir, { recursive: true })
  const path = join(dir, 'archives', FILE)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, archive)
  const record: ArchiveRecord = {
    ...{ name: NAME, kind: 'run', tag: TAG, original: ORIGINAL, file: FILE },
    ...contentOf([]),
    ...{
      archive_sha256: hex(archive),
      archive_bytes: archive.length,
      created_at: '2026-01-01T00:00:00.000Z',
    },
    ...change,
  }
  writeFileSync(join(dir, 'archives/index.jsonl'), `${JSON.stringify(record)}\n`)
  return dir
}

async function restoring(dir: string, name = NAME): Promise<void> {
  const workspace = openWorkspace(dir, 'use')
  try {
    await restoreArchive(workspace, name)
  } finally {
    workspace.close()
  }
}

const namesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/-(?:wal|shm)$/.test(name))
    .sort()

/** Refused by verify and by restore with the same code, and every folder around is as it was. */
async function expectRefused(dir: string, message: RegExp, code = 'archive_damaged'): Promise<void> {
  const before = namesBelow(dirname(dir))
  const [verified] = await verifyArchives(join(dir, 'archives'), [])
  if (code === 'archive_damaged')
    expect(verified!.failure).toEqual({ code, message: expect.stringMatching(message) })
  await expect(restoring(dir)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  expect(namesBelow(dirname(dir))).toEqual(before)
}

const GOOD: readonly Entry[] = [
  { path: inside('a') },
  { path: inside('b/c'), content: Buffer.alloc(3_000, 7) },
]

test('(an honest archive comes back)', async () => {
  const dir = setup(gzipSync(tarOf(GOOD)), contentOf(GOOD))
  await restoring(dir)
  expect(namesBelow(join(dir, ORIGINAL))).toEqual(['a', 'b', 'b/c'])
})

const LINKS_AND_DEVICES = [
  'SymbolicLink',
  'Link',
  'CharacterDevice',
  'BlockDevice',
  'FIFO',
  'Directory',
] as const

describe('is refused:', () => {
  test.each([
    ['a name above its folder', '../evil'],
    ['an absolute name', '/tmp/rff-evil'],
    ['a name that goes out again', inside('../../evil')],
    ['a name with nothing between slashes', inside('a//b')],
    ['a file of another folder', 'shards/0000.sqlite'],
    ['a folder that only begins alike', `${ORIGINAL}0/a`],
    ['a backslash', inside('..\\..\\evil')],
    ['a line feed in a name', inside('a\nb')],
    ['an escape sequence in a name', inside('a\u001b[2J')],
  ])('%s', async (_, path) => {
    const entries = [...GOOD, { path }]
    await expectRefused(setup(gzipSync(tarOf(entries)), contentOf(entries)), /it holds ".*which lies outside/)
    expect(existsSync('/tmp/rff-evil')).toBe(false)
  })

  test.each(LINKS_AND_DEVICES)('an entry that is a %s', async (type) => {
    const isLink = type === 'Link' || type === 'SymbolicLink'
    const target = isLink ? { linkpath: '../../../evil' } : {}
    const entries = [...GOOD, { path: inside('x'), type, ...target }]
    const dir = setup(gzipSync(tarOf(entries)), { ...contentOf(GOOD), files: 3 })
    await expectRefused(dir, new RegExp(`which is a ${type} and not a file`))
  })

  test('a name that comes twice', async () => {
    const entries = [...GOOD, { path: inside('a'), content: Buffer.from('another') }]
    await expectRefused(setup(gzipSync(tarOf(entries)), contentOf(entries)), /it holds ".*\/a" twice/)
  })

  test('a file more, a file less, a file with other bytes than recorded', async () => {
    const archive = gzipSync(tarOf(GOOD))
    await expectRefused(setup(archive, contentOf(GOOD.slice(1))), /one file more than the 1 recorded/)
    const more = contentOf([...GOOD, { path: inside('d') }])
    await expectRefused(setup(archive, more), /have SHA-256 .*, recorded was/)
    const other = contentOf([GOOD[0]!, { ...GOOD[1]!, content: Buffer.alloc(3_000, 8) }])
    await expectRefused(setup(archive, other), /have SHA-256 .*, recorded was/)
  })

  test('a file that lies in another file', async () => {
    const entries = [{ path: inside('a') }, { path: inside('a/b') }]
    await expectRefused(
      setup(gzipSync(tarOf(entries)), contentOf(entries)),
      /a\/b", which lies in another file/,
    )
  })

  test('half an archive, and one that another was put in the place of', async () => {
    const archive = gzipSync(tarOf(GOOD))
    await expectRefused(
      setup(archive.subarray(0, archive.length / 2), contentOf(GOOD)),
      /unexpected end of file/,
    )
    const cut = gzipSync(tarOf(GOOD).subarray(0, 2_000))
    await expectRefused(setup(cut, contentOf(GOOD)), /Truncated|SHA-256/)
    await expectRefused(
      setup(archive, { ...contentOf(GOOD), archive_bytes: 1 }),
      /has \d+ bytes, recorded were 1$/,
    )
    await expectRefused(setup(archive, { ...contentOf(GOOD), archive_sha256: hex(OK) }), /recorded was/)
  })

  test('a bomb: no more is unpacked than the record says', async () => {
    const bomb = Buffer.alloc(64 * 2 ** 20)
    const entries = [{ path: inside('bomb'), content: bomb }]
    const archive = gzipSync(tarOf(entries))
    expect(archive.length).toBeLessThan(bomb.length / 500)
    const dir = setup(archive, { ...contentOf(entries), bytes: 4 })
    await expectRefused(dir, /with which its files are 67108864 bytes, recorded were 4/)
    // Nothing but zeros behind the last file; and a header that announces more than there is.
    const zeros = gzipSync(Buffer.concat([tarOf(GOOD), bomb]))
    await expectRefused(setup(zeros, contentOf(GOOD)), /more than \d+ bytes when it is unpacked/)
  })

  test('an archive in an archive: nothing is unpacked a second time, be it whole or cut off', async () => {
    const entries = [{ path: inside('a'), content: randomBytes(20_000) }]
    const inner = gzipSync(tarOf(entries))
    const zstdMagic = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), Buffer.alloc(600)])
    for (const content of [inner, inner.subarray(0, inner.length / 2), zstdMagic])
      await expectRefused(setup(gzipSync(content), contentOf(entries)), /is packed once more/)
  })

  test('files that are larger together than recorded, before the one too large is opened', async () => {
    const dir = setup(gzipSync(tarOf(GOOD)), { ...contentOf(GOOD), bytes: 3_003 })
    await expectRefused(dir, /b\/c", with which its files are 3004 bytes, recorded were 3003/)
  })

  test('a record of more files than the disk has blocks or names for', async () => {
    const dir = setup(gzipSync(tarOf(GOOD)), { ...contentOf(GOOD), files: 2 ** 40 })
    await expectRefused(dir, /takes \d+ bytes, \d+ are free|has \d+ files, /, 'disk_full')
  })

  test('a record that says it is larger than the disk', async () => {
    const dir = setup(gzipSync(tarOf(GOOD)), { ...contentOf(GOOD), bytes: 2 ** 52 })
    await expectRefused(dir, /takes 4503599627\d{6} bytes, \d+ are free/, 'disk_full')
  })

  test('an index that points elsewhere, before a file is opened', async () => {
    for (const change of [
      { original: '../../evil' },
      { original: 'runs/..' },
      { file: '../../../etc/passwd' },
      { tag: '../x' },
      { name: `${NAME}\n` },
    ])
      await expect(restoring(setup(OK, change)), JSON.stringify(change)).rejects.toMatchObject({
        code: 'archive_damaged',
        message: expect.stringMatching(/line 1 .*is no record/),
      })
  })

  test('a name on the command line that no record has, whatever it looks like', async () => {
    const dir = setup(gzipSync(tarOf(GOOD)), contentOf(GOOD))
    for (const name of [
      '../../etc/passwd',
      `../archives/${FILE}`,
      'run-1;rm -rf',
      'field-$(id)',
      `${NAME}\u0000`,
    ])
      await expect(restoring(dir, name)).rejects.toMatchObject({ code: 'not_found' })
  })
})

test('create takes no file whose name an archive could not bring back', async () => {
  const { exitCode, stderr } = await refusedCreate()
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringMatching(/input_unreadable: "runs\/.*a\\nb" has a name/),
  ])
})

/** A workspace with two runs, of which the older one has a file with a line feed in its name. */
async function refusedCreate() {
  const dir = join(newFolder(), 'rff')
  cpSync(join(root, 'rff'), dir, { recursive: true })
  for (const limit of ['1', '100']) await cli(dir, ['run', '--new', '--limit', limit])
  const [older] = readdirSync(join(dir, 'runs')).sort()
  writeFileSync(join(dir, 'runs', older!, 'a\nb'), 'x')
  const finished = await cli(dir, ['archive', 'create', '--keep', '1'])
  expect(existsSync(join(dir, 'runs', older!, 'manifest.json'))).toBe(true)
  return finished
}
