/**
 * What can happen to a shard file, through the real command line: the shard is set aside with a code and what to do, the
 * others are done, `audit --deep` finds it, and `merge` goes on without it only where it is told to.
 */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { FAILURES, type FailureCode } from '../../schemas/failure.ts'
import { cli, cliJson, startCli } from '../support/cli.ts'
import { factsFile, plannedWorld, useServer } from '../support/demo-world.ts'
import { folderOfFile, newFolder } from '../support/folder.ts'
import { seededRandom } from '../support/sim-server/random.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const SHARDS = 4
const HIT = 1
const PAGE_BYTES = 4_096
const IS_FULL = process.env.RFF_TEST_FULL === '1'

const root = folderOfFile()

/** A workspace of the test's own; the first test that wants one of a kind makes the one that all are copies of. */
async function setup(kind: 'planned' | 'done but for the hit one' | 'done'): Promise<string> {
  const template = join(root, kind, 'rff')
  if (!existsSync(template)) {
    if (kind === 'planned') await plannedWorld({ facts: 200, shards: SHARDS, folder: join(root, kind) })
    else {
      cpSync(await setup('planned'), template, { recursive: true })
      await cliJson(template, ['run', ...(kind === 'done' ? [] : ['--shard', '0,2,3'])])
    }
  }
  const dir = join(newFolder(), 'rff')
  cpSync(template, dir, { recursive: true })
  return dir
}

const shardPath = (dir: string, shardNo = HIT): string =>
  join(dir, 'shards', `${String(shardNo).padStart(4, '0')}.sqlite`)

interface Stop {
  readonly code: FailureCode
  readonly message: string
}
interface RunJson {
  readonly stop: Stop | null
  readonly shards: readonly { readonly shardNo: number; readonly stop: Stop | null }[]
}

function flip(path: string, byte: number, bit = 0): void {
  const bytes = readFileSync(path)
  bytes[byte]! ^= 1 << bit
  writeFileSync(path, bytes)
}

function withShard<T>(path: string, read: (db: Database.Database) => T): T {
  const db = new Database(path, { readonly: true })
  try {
    return read(db)
  } finally {
    db.close()
  }
}

/** The first byte of a page of so and so much of a table. */
const pageOf = (path: string, table: string, type: 'leaf' | 'internal' | 'overflow'): number =>
  withShard(path, (db) => {
    const pageNo = db
      .prepare('SELECT min(pageno) FROM dbstat WHERE name = ? AND pagetype = ?')
      .pluck()
      .get(table, type) as number
    expect(pageNo, `${table} has a page that is ${type}`).toBeGreaterThan(0)
    return (pageNo - 1) * PAGE_BYTES
  })

function raiseVersion(path: string): void {
  const db = new Database(path)
  db.pragma('user_version = 9999')
  db.close()
}

/** The shard as the version before it had the tables of batches made it. */
function undoLastMigration(path: string): void {
  const db = new Database(path)
  db.exec(`DROP VIEW audit_batches; DROP INDEX attempts_by_batch; DROP INDEX attempts_asked_in_batches;
    DROP INDEX attempts_by_time; ALTER TABLE attempts DROP COLUMN batch_intent_id; DROP TABLE batches`)
  db.pragma('user_version = 1')
  db.close()
}

function dropColumn(path: string): void {
  const db = new Database(path)
  db.exec('ALTER TABLE quarantine DROP COLUMN note')
  db.close()
}

async function putAnotherPlan(path: string): Promise<void> {
  const other = await plannedWorld({ facts: 100, shards: SHARDS })
  copyFileSync(shardPath(other.dir), path)
}

/** In the middle of every page but the first, so that some tree does not hold together whichever page is read. */
function turnBits(path: string): void {
  const bytes = readFileSync(path)
  for (let at = PAGE_BYTES; at < bytes.length; at += PAGE_BYTES) bytes.fill(0xff, at, at + 64)
  writeFileSync(path, bytes)
}

interface FileFault {
  readonly what: string
  readonly code: FailureCode
  readonly spoil: (path: string) => void | Promise<void>
  /** What merge says; its own code if not given, `null` where it reads nothing of what is hit. */
  readonly mergeCode?: FailureCode | null
  /** Those that cost time and hardly differ from another one are left to RFF_TEST_FULL=1. */
  readonly isMore?: true
}

const FAULTS: readonly FileFault[] = [
  { what: 'missing', code: 'shard_missing', spoil: (path) => rmSync(path) },
  { what: 'cut off', code: 'shard_damaged', spoil: (path) => truncateSync(path, 6_000) },
  { what: 'empty', code: 'shard_damaged', spoil: (path) => truncateSync(path, 0), isMore: true },
  {
    what: 'no database',
    code: 'shard_damaged',
    spoil: (path) => writeFileSync(path, 'garbage '.repeat(2_000)),
    isMore: true,
  },
  { what: 'of a newer version', code: 'schema_newer', spoil: raiseVersion },
  { what: 'of an older version', code: 'schema_older', spoil: dropColumn, isMore: true },
  {
    what: 'swapped with another one',
    code: 'plan_mismatch',
    spoil: (path) => copyFileSync(join(path, '../0002.sqlite'), path),
  },
  { what: 'of another plan', code: 'plan_mismatch', spoil: putAnotherPlan },
  { what: 'with bits turned in every page', code: 'shard_damaged', spoil: turnBits, isMore: true },
  {
    what: 'with a bit turned in its magic words',
    code: 'shard_damaged',
    spoil: (path) => flip(path, 3),
    isMore: true,
  },
  {
    what: 'with a bit turned in its page size',
    code: 'shard_damaged',
    spoil: (path) => flip(path, 16, 2),
    isMore: true,
  },
  {
    what: 'with a bit turned in its format',
    code: 'shard_damaged',
    spoil: (path) => flip(path, 47, 3),
    isMore: true,
  },
  {
    what: 'with a bit turned in its version',
    code: 'shard_damaged',
    spoil: (path) => flip(path, 63, 1),
    isMore: true,
  },
  {
    what: 'with a bit turned in its kind',
    code: 'plan_mismatch',
    spoil: (path) => flip(path, 70),
    isMore: true,
  },
  {
    what: 'with a bit turned in the kind of a page of a tree',
    code: 'shard_damaged',
    spoil: (path) => flip(path, pageOf(path, 'clusters', 'leaf'), 1),
  },
  {
    what: 'with a bit turned in a pointer of a tree',
    code: 'shard_damaged',
    mergeCode: null, // what a cluster was made of is not read again
    spoil: (path) => flip(path, pageOf(path, 'cluster_members', 'internal') + 8, 6),
    isMore: true,
  },
]
const TRIED = FAULTS.filter(({ isMore }) => IS_FULL || isMore !== true)

describe('a shard file', () => {
  test.each(TRIED)(
    'that is $what is set aside by run as $code, and the others are done',
    async (fault) => {
      const { code, spoil } = fault
      const dir = await setup('planned')
      await spoil(shardPath(dir))
      const { exitCode, stderr } = await cli(dir, ['run'])
      expect([exitCode, stderr]).toEqual([7, expect.stringMatching(new RegExp(`^stopped: ${code}: `, 'm'))])
      expect(stderr).toContain(`next: ${FAILURES[code].hint}`)
      for (const shardNo of [0, 3]) expect(todoIn(shardPath(dir, shardNo))).toBe(0)
    },
    120_000,
  )

  test.each(TRIED)(
    'that is $what is found by audit, and refused by merge or left out where it may be',
    async (fault) => {
      const { code, spoil, mergeCode = code } = fault
      const dir = await setup('done but for the hit one')
      await spoil(shardPath(dir))
      const audit = await cli(dir, ['audit', '--deep'])
      expect([audit.exitCode, audit.stdout + audit.stderr]).toEqual([
        1,
        expect.stringContaining('0001.sqlite'),
      ])
      const merge = await cli(dir, ['merge'])
      if (mergeCode === null) return expect(merge.exitCode).toBe(0)
      expect(merge.exitCode).toBe(FAILURES[mergeCode].exitCode)
      expect(merge.stderr).toMatch(new RegExp(`^rff-shard: ${mergeCode}: shard 1: `))
      expect(merge.stderr).toContain(`what to do: ${FAILURES[mergeCode].hint}`)
      const partial = await cli(dir, ['merge', '--allow-partial'])
      // A file of another plan or version is somebody's mistake, not damage: it is never gone on without.
      expect(partial.exitCode).toBe(FAILURES[mergeCode].exitCode)
      const mayBeLeftOut = FAILURES[mergeCode].exitCode === 7
      expect(existsSync(join(dir, 'field/_current/MERGED'))).toBe(mayBeLeftOut)
      if (!mayBeLeftOut) return
      expect(partial.stderr).toMatch(
        /^next: put a copy of these files back and merge again; rff-shard audit --deep/m,
      )
      expect(partial.stderr).toMatch(new RegExp(`^ {2}left out {2}shard ${HIT}: ${code}: `, 'm'))
      const tag = readFileSync(join(dir, 'field/_current/MERGED'), 'utf8').trim()
      expect(JSON.parse(readFileSync(join(dir, 'field', tag, 'manifest.json'), 'utf8'))).toMatchObject({
        complete: false,
        set_aside: [{ shard_no: HIT, code }],
      })
    },
    120_000,
  )

  test('that is of an earlier version is refused for reading with the command that brings it up to date', async () => {
    const dir = await setup('done')
    undoLastMigration(shardPath(dir))
    for (const command of ['status', 'merge', 'audit']) {
      const { stdout, stderr, exitCode } = await cli(dir, [command])
      expect(exitCode).not.toBe(0)
      expect(stdout + stderr).toMatch(
        /schema_behind: .*schema 1, expected 2; rff-shard run brings it up to date/,
      )
    }
    const { counts } = await cliJson<{ counts: { asked: number } }>(dir, ['run'])
    expect(counts.asked).toBe(0)
    expect((await cli(dir, ['audit', '--deep'])).exitCode).toBe(0)
    expect((await cli(dir, ['merge'])).exitCode).toBe(0)
  }, 120_000)

  test('that is missing is named by a stage of the field that lacks it, which ends with 7 as its merge did', async () => {
    const dir = await setup('done but for the hit one')
    rmSync(shardPath(dir))
    expect((await cli(dir, ['merge', '--allow-partial'])).exitCode).toBe(7)
    const stage = await cli(dir, ['stage', 'score'])
    expect([stage.exitCode, stage.stderr]).toEqual([
      7,
      expect.stringMatching(
        /^ {2}left out {2}shard 1: shard_missing: [\s\S]*^next: put a copy of these files back/m,
      ),
    ])
  }, 120_000)

  test('that is of another plan, newer or damaged stops the next plan, which writes nothing', async () => {
    for (const { what, code, spoil } of TRIED) {
      if (/^with (?:bits|a bit).* page/.test(what)) continue // where plan may not look; audit does
      const dir = await setup('planned')
      await spoil(shardPath(dir))
      const before = contentOf(join(dir, 'shards'))
      const plan = await cli(dir, ['plan', factsFile(newFolder(), 260)])
      expect(plan.stderr, what).toMatch(new RegExp(`^rff-shard: ${code}: `, 'm'))
      expect(contentOf(join(dir, 'shards')), what).toEqual(before)
    }
  }, 120_000)

  test.skipIf(process.getuid?.() === 0)('that is read-only is set aside with its path', async () => {
    const dir = await setup('planned')
    chmodSync(shardPath(dir), 0o444)
    const { exitCode, stderr } = await cli(dir, ['run'])
    expect([exitCode, stderr]).toEqual([7, expect.stringMatching(/0001\.sqlite/)])
  })
})

describe('a bit that turns', () => {
  test('in an overflow page, in its pointer or its text, is found by the deep audit', async () => {
    for (const offset of [3, 40]) {
      const dir = await setup('done')
      const path = longestShard(dir)
      flip(path, pageOf(path, 'structures', 'overflow') + offset, 1)
      const { exitCode, stdout, stderr } = await cli(dir, ['audit', '--deep'])
      expect([exitCode, stdout + stderr]).toEqual([1, expect.stringContaining(path.slice(-11))])
    }
  }, 60_000)

  test('in the write-ahead log takes the shard back to the commit before it, and what is lost is asked again', async () => {
    const { dir, server } = await killedRun()
    const wal = `${shardPath(dir)}-wal`
    const settledBefore = settledIn(shardPath(dir))
    const frames = Math.floor((readFileSync(wal).length - 32) / (PAGE_BYTES + 24))
    expect(frames).toBeGreaterThan(10)
    flip(wal, 32 + Math.floor(frames / 2) * (PAGE_BYTES + 24) + 500)
    const settledAfter = settledIn(shardPath(dir))
    expect(settledAfter).toBeLessThan(settledBefore)
    expect(await cliJson(dir, ['run'])).toMatchObject({ isClosed: true, todo: 0 })
    expect((await cli(dir, ['audit', '--deep'])).exitCode).toBe(0)
    expect(server.stats().billedAgain).toBeGreaterThan(0)
    const merge = await cli(dir, ['merge', '--override-gate', 'ok_rate'])
    expect([merge.exitCode, merge.stderr]).toEqual([0, expect.anything()])
  }, 60_000)

  test('wherever it is, stops no other shard and is no fault of ours', async () => {
    const random = seededRandom(20_260_101)
    for (let n = 0; n < (IS_FULL ? 1_000 : 3); n += 1) {
      const dir = await setup('planned')
      const path = shardPath(dir)
      const byte = Math.floor(random() * readFileSync(path).length)
      flip(path, byte, Math.floor(random() * 8))
      const { exitCode, stdout, stderr } = await cli(dir, ['--json', 'run'])
      expect([0, 7], `byte ${byte}: ${stderr}`).toContain(exitCode)
      const { shards } = JSON.parse(stdout) as RunJson
      for (const { shardNo, stop } of shards) if (shardNo !== HIT) expect(stop).toBeNull()
      expect([0, 1]).toContain((await cli(dir, ['audit', '--deep'])).exitCode)
      expect([0, 7, 2]).toContain((await cli(dir, ['merge'])).exitCode)
    }
  }, 7_200_000)

  /** The shard whose structures take more than a page; the demo's corpus has such. */
  const longestShard = (dir: string): string => {
    const paths = Array.from({ length: SHARDS }, (_, shardNo) => shardPath(dir, shardNo))
    const overflows = (path: string): number =>
      withShard(path, (db) =>
        db
          .prepare("SELECT count(*) FROM dbstat WHERE name = 'structures' AND pagetype = 'overflow'")
          .pluck()
          .get(),
      ) as number
    return paths.find((path) => overflows(path) > 0)!
  }

  /** Killed in the middle, so that its answers stand in the log and not in the file. */
  async function killedRun() {
    const server = await startSimServer({ seed: 5, latency: { medianMs: 40, sigma: 0.1 } })
    onTestFinished(() => server.close())
    const world = await plannedWorld({ facts: 400, shards: 2 })
    useServer(world, server.url, 'inFlight = 2\nthreads = 1\n')
    const run = startCli(world.dir, ['run', '--shard', '1'])
    onTestFinished(() => void run.process.kill('SIGKILL'))
    while (server.stats().billed < 20) await new Promise((resolve) => setTimeout(resolve, 5))
    run.process.kill('SIGKILL')
    await run.finished
    return { dir: world.dir, server }
  }

  /** Of a copy, so that looking at it does not write the log into the file. */
  function settledIn(path: string): number {
    const copy = join(newFolder(), 'copy.sqlite')
    for (const tail of ['', '-wal']) copyFileSync(path + tail, copy + tail)
    return withShard(copy, (db) =>
      db.prepare("SELECT count(*) FROM attempts WHERE state = 'settled'").pluck().get(),
    ) as number
  }
})

const todoIn = (path: string): number =>
  withShard(path, (db) => db.prepare('SELECT count(*) FROM frontier').pluck().get()) as number

/** The files but what only opening them leaves. */
const contentOf = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir)
      .filter((name) => !/-(?:wal|shm)$/.test(name))
      .sort()
      .map((name) => [name, readFileSync(join(dir, name)).toString('base64')]),
  )
