/**
 * The power goes: what a command had synced is kept, the rest is lost or there in part.
 *
 * A shim between the real command and the kernel writes down every write and sync (test/support/disk). The recording is
 * cut at every sync, unsynced changes dropped, and once more with some of them kept, some by half. Each state is opened,
 * audited deeply, and compared with what the command had acknowledged: by asking the server for more, or by ending.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { latestRecords } from '../../src/control/archive/archive-index.ts'
import { verifyArchives } from '../../src/control/archive/verify-archives.ts'
import { audit } from '../../src/control/audit/audit.ts'
import { openWorkspace } from '../../src/control/workspace.ts'
import { cliJson } from '../support/cli.ts'
import { factsFile, fieldDigest, useServer, type World } from '../support/demo-world.ts'
import { recordCli } from '../support/disk/cli-on-disk.ts'
import { type Disk, type Image, readImage, writeImage } from '../support/disk/disk.ts'
import { type Cut, diskAfter, powerCuts } from '../support/disk/power-cuts.ts'
import type { DiskEvent } from '../support/disk/read-log.ts'
import { shardRows } from '../support/disk/shard-rows.ts'
import { newFolder } from '../support/folder.ts'
import { canPreload } from '../support/preload/preload.ts'
import { startSimServer } from '../support/sim-server/server.ts'
import { seededRandom } from '../torture/random.ts'

const IS_FULL = process.env.RFF_TEST_FULL === '1'
const TORN_PER_SYNC = IS_FULL ? 6 : 1
const FACTS = IS_FULL ? 160 : 32
/** Of so many states, one is also run to its end. */
const RESUMED_ONE_IN = IS_FULL ? 12 : 50

/** What is judged was on a disk already, so it need not be synced to one again. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** `root/rff` is the workspace; everything below root is recorded. */
interface Place {
  readonly root: string
  readonly dir: string
  readonly facts: string
}

function openPlace(): Place {
  const root = newFolder()
  const dir = join(root, 'rff')
  mkdirSync(dir)
  return { root, dir, facts: factsFile(newFolder(), FACTS) }
}

async function plannedPlace(): Promise<Place> {
  const place = openPlace()
  await cliJson(place.dir, ['plan', place.facts, '--shards', '2'])
  return place
}

/** Runs a command with the recorder on, from the state that the folder is in. */
async function record({ root, dir }: Place, args: readonly string[]) {
  const before = readImage(root)
  const { events, exitCode, stderr } = await recordCli(root, dir, args)
  expect([exitCode, stderr]).toEqual([0, expect.any(String)])
  return { before, events, after: readImage(root) }
}

interface Found {
  /** What is wrong, each with the cut that shows it; none on a sound program. */
  readonly faults: string[]
  readonly dropped: number
  readonly torn: number
  readonly resumed: number
}

interface Trial {
  readonly before: Image
  readonly events: readonly DiskEvent[]
  readonly onMessage?: (disk: Disk, text: string) => void
  /** @returns what is wrong with the folder that the cut left */
  readonly judge: (dir: string, cut: Cut) => Promise<string[]>
  /** Goes on from it, as a person would. @returns what is wrong then */
  readonly resume: (dir: string, cut: Cut) => Promise<string[]>
}

async function cutEverywhere({ before, events, judge, resume, onMessage }: Trial): Promise<Found> {
  const found = { faults: [] as string[], dropped: 0, torn: 0, resumed: 0 }
  const options = { tornPerSync: TORN_PER_SYNC, random: seededRandom(7), ...(onMessage ? { onMessage } : {}) }
  for (const cut of powerCuts(before, events, options)) {
    found[cut.kind] += 1
    const root = mkdtempSync(join(MEMORY, 'rff-cut-'))
    try {
      writeImage(cut.image, root)
      const dir = join(root, 'rff')
      const wrong = await judge(dir, cut)
      if ((found.dropped + found.torn) % RESUMED_ONE_IN === 7) {
        found.resumed += 1
        wrong.push(...(await resume(dir, cut)))
      }
      found.faults.push(...wrong.map((fault) => `${cut.kind} after sync ${cut.syncs}: ${fault}`))
    } finally {
      rmSync(root, { recursive: true })
    }
  }
  return found
}

/** Every invariant of every file, SQLite's own check of each page among them. */
async function auditDeeply(dir: string): Promise<string[]> {
  const workspace = openWorkspace(dir, 'use')
  try {
    const { checks } = await audit(workspace, { isDeep: true })
    return checks
      .filter(({ passed, skipped }) => !passed && skipped === null)
      .map(({ name, file, found }) => `${name} in ${file}: ${found}`)
  } finally {
    workspace.close()
  }
}

const lost = (acknowledged: ReadonlySet<string>, image: Image): string[] => {
  const rows = shardRows(image)
  return [...acknowledged].filter((row) => !rows.has(row)).map((row) => `lost ${row.slice(0, 60)}`)
}

/** What a command that has ended told the user is done, and a power cut now would take back. */
const notKept = (before: Image, events: readonly DiskEvent[]): string[] => {
  const disk = diskAfter(before, events)
  const [kept, live] = [disk.kept(), disk.live()]
  return [...live.keys()].filter((path) => !kept.has(path) && !IS_FOR_SQLITE_ALONE.test(path))
}
/** An empty WAL is made by whoever opens the file. */
const IS_FOR_SQLITE_ALONE = /-wal$/

const fieldTagIn = (dir: string): string => readFileSync(join(dir, 'field/_current/MERGED'), 'utf8').trim()

const shardPaths = (dir: string): string[] =>
  readdirSync(join(dir, 'shards'))
    .filter((name) => /^\d+\.sqlite$/.test(name))
    .sort()
    .map((name) => join(dir, 'shards', name))

/** The clusters of all shards with their facts. */
const clustersIn = (dir: string): unknown[][] =>
  shardPaths(dir).map((path) =>
    query(
      path,
      'SELECT c.*, m.* FROM clusters c JOIN cluster_members m USING (cluster_id) ORDER BY c.cluster_id, m.i',
    ),
  )

/** Each database is empty, or sound in every page. */
function brokenFiles(dir: string): string[] {
  if (!existsSync(dir)) return []
  const top = readdirSync(dir).filter((name) => name.endsWith('.sqlite'))
  const paths = [
    ...top.map((name) => join(dir, name)),
    ...(existsSync(join(dir, 'shards')) ? shardPaths(dir) : []),
  ]
  return paths
    .flatMap((path) => query(path, 'PRAGMA integrity_check').map((row) => `${path}: ${JSON.stringify(row)}`))
    .filter((line) => !line.endsWith('{"integrity_check":"ok"}'))
}

function query(path: string, sql: string): unknown[] {
  const db = new Database(path)
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}

/** Files of runs and fields that are neither in their place nor in a whole archive of the index. */
async function gone(dir: string, files: readonly (readonly [string, Buffer | null])[]): Promise<string[]> {
  const archives = join(dir, 'archives')
  const records = existsSync(join(archives, 'index.jsonl')) ? [...latestRecords(archives).values()] : []
  const verified = records.length === 0 ? [] : await verifyArchives(archives, [])
  const whole = verified.flatMap(({ record, failure }) =>
    failure === null ? [`rff/${record.original}/`] : [],
  )
  return files
    .filter(([path, bytes]) => {
      const there = join(dir, '..', path)
      const isInPlace = existsSync(there) && readFileSync(there).equals(bytes!)
      return !isInPlace && !whole.some((folder) => path.startsWith(folder))
    })
    .map(([path]) => `${path} is gone`)
}

const worldOf = (dir: string): World => ({ dir }) as World
const tell = (what: string, { dropped, torn, resumed }: Found): void =>
  void process.stderr.write(
    `power loss, ${what}: cut at ${dropped} syncs, ${torn} torn states, ${resumed} went on to the end\n`,
  )

describe.skipIf(!canPreload)('the power goes', () => {
  /** A run against a server; the server stays up for who goes on. */
  async function recordRun() {
    // Some answers have to be repaired, some requests repeated; none of it changes the field.
    const script = [{ fault: 'off_schema' as const, requests: [2, 5] }]
    const server = await startSimServer({ seed: 7, faults: { server_error: 0.05 }, script })
    onTestFinished(() => server.close())
    const place = await plannedPlace()
    useServer(worldOf(place.dir), server.url, 'threads = 1\ninFlight = 4\n')
    return { ...(await record(place, ['run'])), place, billed: server.stats().billed }
  }

  /** All that a run has acknowledged when it asks for more, and whether it was safe by then. */
  function watchRequests(acknowledged: Set<string>, early: string[]) {
    return (disk: Disk, text: string): void => {
      if (!text.startsWith('POST /v1/chat/completions')) return
      for (const row of shardRows(disk.live())) acknowledged.add(row)
      early.push(...lost(acknowledged, disk.kept()))
    }
  }

  /** What the watch finds in a recording whose shards never synced their WAL. */
  function lostUnsynced({ before, events }: Pick<Trial, 'before' | 'events'>): string[] {
    const isKept = ({ kind, path }: DiskEvent) => kind !== 'sync' || !/shards\/\d+\.sqlite-wal$/.test(path)
    const early: string[] = []
    const onMessage = watchRequests(new Set(), early)
    for (const _ of powerCuts(before, events.filter(isKept), { tornPerSync: 0, random: () => 0, onMessage }));
    return early
  }

  test('in a run: what was acknowledged is there, nothing is broken, and it goes on to the same field', async () => {
    const { place, before, events, billed } = await recordRun()
    expect(notKept(before, events)).toEqual([])
    await cliJson(place.dir, ['merge'])
    const undisturbed = fieldDigest(worldOf(place.dir))
    const acknowledged = new Set<string>()
    const early: string[] = []
    const found = await cutEverywhere({
      before,
      events,
      onMessage: watchRequests(acknowledged, early),
      judge: async (dir, { image }) => [...lost(acknowledged, image), ...(await auditDeeply(dir))],
      async resume(dir) {
        const run = await cliJson<{ isClosed: boolean; todo: number }>(dir, ['run'])
        await cliJson(dir, ['merge'])
        const digest = fieldDigest(worldOf(dir))
        return run.isClosed && digest === undisturbed ? [] : [`ran on to ${digest}, expected ${undisturbed}`]
      },
    })
    tell('run', found)
    expect({ early, faults: found.faults }).toEqual({ early: [], faults: [] })
    // Every request that was billed was meant in the books before it left, and every one but the last few was seen to be.
    const meant = [...acknowledged].filter((row) => row.startsWith('intent ')).length
    expect(meant).toBeGreaterThan(billed / 2)
    expect([found.dropped > 30, found.resumed > 0]).toEqual([true, true])
    // Were the log not synced, the same watch would have seen it.
    expect(lostUnsynced({ before, events }).map((row) => row.split(' ')[1])).toEqual(
      expect.arrayContaining(['intent', 'answer']),
    )
  })

  test('in a merge: MERGED names the old field or the new one, whole, and the next merge publishes the same', async () => {
    const place = await plannedPlace()
    await cliJson(place.dir, ['run', '--limit', '4'])
    const first = await cliJson<{ fieldTag: string }>(place.dir, ['merge'])
    await cliJson(place.dir, ['run'])
    const { before, events } = await record(place, ['merge'])
    expect(notKept(before, events)).toEqual([])
    const merged = fieldDigest(worldOf(place.dir))
    const published = fieldTagIn(place.dir)
    const seen = new Set<string>()
    const found = await cutEverywhere({
      before,
      events,
      async judge(dir) {
        seen.add(fieldTagIn(dir))
        return auditDeeply(dir)
      },
      async resume(dir) {
        await cliJson(dir, ['merge'])
        return fieldDigest(worldOf(dir)) === merged ? [] : ['the next merge gave another field']
      },
    })
    tell('merge', found)
    expect(found.faults).toEqual([])
    expect([...seen].sort()).toEqual([first.fieldTag, published].sort())
    expect([found.dropped > 15, found.resumed > 0]).toEqual([true, true])
  })

  test('in a plan: no file is half made, and the same plan again makes the same shards', async () => {
    const place = openPlace()
    rmSync(place.dir, { recursive: true })
    const args = ['plan', place.facts, '--shards', '2']
    const { before, events } = await record(place, args)
    expect(notKept(before, events)).toEqual([])
    const planned = clustersIn(place.dir)
    const found = await cutEverywhere({
      before,
      events,
      judge: async (dir) => brokenFiles(dir),
      async resume(dir) {
        await cliJson(dir, args)
        const isSame = JSON.stringify(clustersIn(dir)) === JSON.stringify(planned)
        return [...(isSame ? [] : ['other clusters than undisturbed']), ...(await auditDeeply(dir))]
      },
    })
    tell('plan', found)
    expect(found.faults).toEqual([])
    expect([found.dropped > 40, found.resumed > 0]).toEqual([true, true])
  })

  test('in archive create: a folder is in its place, or in an archive that the index names', async () => {
    const place = await plannedPlace()
    for (const limit of ['4', '100000']) {
      await cliJson(place.dir, ['run', '--new', '--limit', limit])
      await cliJson(place.dir, ['merge'])
    }
    const { before, events } = await record(place, ['archive', 'create', '--keep', '1'])
    expect(notKept(before, events)).toEqual([])
    const files = [...before].filter(
      ([path, bytes]) => bytes !== null && /^rff\/(?:runs|field)\/\d/.test(path),
    )
    const names = (await cliJson<{ name: string }[]>(place.dir, ['archive', 'ls'])).map(({ name }) => name)
    expect(names).toHaveLength(2)
    const found = await cutEverywhere({
      before,
      events,
      judge: async (dir) => [...(await auditDeeply(dir)), ...(await gone(dir, files))],
      async resume(dir) {
        await cliJson(dir, ['archive', 'create', '--keep', '1'])
        for (const name of names) await cliJson(dir, ['archive', 'restore', name])
        return gone(dir, files)
      },
    })
    tell('archive', found)
    expect(found.faults).toEqual([])
    expect(found.dropped).toBeGreaterThan(10)
  })
})
