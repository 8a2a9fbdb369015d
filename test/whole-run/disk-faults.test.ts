/**
 * Disks that fill up, fail and forbid, at the n-th call: a shim answers it with the system's own error. Each is told by its
 * code, the others go on, and once the disk is sound the same command goes on with nothing lost.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cli, cliJson } from '../support/cli.ts'
import { factsFile, fieldDigest, type World } from '../support/demo-world.ts'
import { cliOnFailingDisk, type DiskFault } from '../support/disk/cli-on-disk.ts'
import { newFolder } from '../support/folder.ts'
import { canPreload } from '../support/preload/preload.ts'

const IS_FULL = process.env.RFF_TEST_FULL === '1'
const SHARDS = 3

describe.skipIf(!canPreload)('a disk that fails', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rff-disk-'))
  const planned = join(scratch, 'planned')
  const undisturbed = join(scratch, 'undisturbed')
  let facts: string
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))
  beforeAll(async () => {
    mkdirSync(planned)
    facts = factsFile(scratch, 60)
    await cliJson(planned, ['plan', facts, '--shards', String(SHARDS)])
    cpSync(planned, undisturbed, { recursive: true })
    await cliJson(undisturbed, ['run'])
    await cliJson(undisturbed, ['merge'])
  })

  function setup(from = planned): string {
    const dir = join(newFolder(), 'rff')
    cpSync(from, dir, { recursive: true })
    return dir
  }

  /** The same run again on a sound disk does all that is left, once, and gives the same field. */
  async function expectToGoOn(dir: string): Promise<void> {
    expect(await cliJson(dir, ['run'])).toMatchObject({ isClosed: true, todo: 0 })
    await cliJson(dir, ['merge'])
    expect(fieldDigest({ dir } as World)).toBe(fieldDigest({ dir: undisturbed } as World))
    const audit = await cli(dir, ['audit', '--deep'])
    expect([audit.exitCode, audit.stdout]).toEqual([0, expect.stringMatching(/ 0 failed/)])
    expect(outcomeLines(dir)).toEqual(outcomeLines(undisturbed))
  }

  /** Every cluster has its line for people, once. */
  function outcomeLines(dir: string): string[] {
    const runs = join(dir, 'runs')
    const tags = readdirSync(runs)
    const names = tags.flatMap((tag) => readdirSync(join(runs, tag)).map((name) => join(tag, name)))
    return names
      .filter((name) => /\/(?:ok|bad)\.\d+\.jsonl$/.test(name))
      .flatMap((name) => readFileSync(join(runs, name), 'utf8').trimEnd().split('\n'))
      .map((line) => (JSON.parse(line) as { cluster_id: string }).cluster_id)
      .sort()
  }

  const FULL: readonly DiskFault[] = [
    { code: 'ENOSPC', on: 'write', from: 3, where: 'shards/0001.sqlite-wal' },
    { code: 'ENOSPC', on: 'write', from: 1, where: '/ok.' },
    ...(IS_FULL
      ? Array.from(
          { length: 40 },
          (_, n) => ({ code: 'ENOSPC', on: 'write', from: 1 + 7 * n, where: '/' }) as const,
        )
      : []),
  ]

  test.each(FULL)('full at write $from of $where pauses the run with exit 6', async (fault) => {
    const dir = setup()
    const full = await cliOnFailingDisk(dir, ['run'], fault)
    expect([full.exitCode, full.stderr]).toEqual([
      6,
      expect.stringMatching(/disk_full: .*(?:ENOSPC|SQLITE_FULL)/),
    ])
    await expectToGoOn(dir)
  })

  test('a full disk is told with the room that is needed and the room that is there', async () => {
    const dir = setup()
    const full = await cliOnFailingDisk(dir, ['run'], {
      code: 'ENOSPC',
      on: 'write',
      from: 3,
      where: 'shards/0001',
    })
    expect(full.stderr).toMatch(/\d+ clusters? to do: about \d+ MiB, \d+ MiB are free in /)
    expect(full.stderr).toMatch(/make room, then run again/)
  })

  test.each<[string, DiskFault]>([
    ['that cannot be written', { code: 'EIO', on: 'write', from: 3, where: 'shards/0001.sqlite-wal' }],
    ['that cannot be synced', { code: 'EIO', on: 'sync', from: 2, where: 'shards/0001.sqlite-wal' }],
    ['whose lines cannot be synced', { code: 'EIO', on: 'sync', from: 1, where: 'ok.0001' }],
    ['that may only be read', { code: 'EACCES', on: 'open', from: 1, where: 'shards/0001.sqlite' }],
  ])('a shard file %s is set aside with exit 7, and the others are done', async (_, fault) => {
    const dir = setup()
    const { exitCode, stdout, stderr } = await cliOnFailingDisk(dir, ['--json', 'run'], fault)
    expect([exitCode, stderr]).toEqual([7, expect.not.stringMatching(/ at .*:\d+:\d+/)])
    const { shards, isClosed } = JSON.parse(stdout) as {
      isClosed: boolean
      shards: { shardNo: number; counts: { ok: number }; stop: { code: string } | null }[]
    }
    const code = fault.code === 'EIO' ? 'disk_failed' : 'file_denied'
    expect(shards.map(({ stop }) => stop?.code ?? null)).toEqual([null, code, null])
    expect(isClosed).toBe(false)
    for (const shardNo of [0, 2]) expect(shards[shardNo]!.counts.ok).toBeGreaterThan(0)
    await expectToGoOn(dir)
  })

  test('a merge on a full disk publishes nothing, and the next one the same field', async () => {
    const dir = setup()
    await cliJson(dir, ['run'])
    const full = await cliOnFailingDisk(dir, ['merge'], {
      code: 'ENOSPC',
      on: 'write',
      from: 20,
      where: '/field/',
    })
    expect([full.exitCode, full.stderr]).toEqual([6, expect.stringMatching(/disk_full: /)])
    expect(existsSync(join(dir, 'field/_current/MERGED'))).toBe(false)
    await expectToGoOn(dir)
  })

  test('a plan on a full disk ends with exit 6, and the same plan goes on', async () => {
    const dir = join(newFolder(), 'rff')
    mkdirSync(dir)
    const args = ['plan', facts, '--shards', String(SHARDS)]
    const full = await cliOnFailingDisk(dir, args, {
      code: 'ENOSPC',
      on: 'write',
      from: 60,
      where: 'corpus.sqlite',
    })
    expect([full.exitCode, full.stderr]).toEqual([6, expect.stringMatching(/disk_full: /)])
    await cliJson(dir, args)
    await expectToGoOn(dir)
  })
})
