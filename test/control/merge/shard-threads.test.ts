/** Threads load compiled files only, so this runs what `npm run build` made. */
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { openBuilding, settle } from '../../../db/queries/field-building.ts'
import { dumpTables } from '../../../db/queries/field-dump.ts'
import { RAW_TABLES, type TableShape } from '../../../db/queries/field-tables.ts'
import { readShardsInThreads as fromSources } from '../../../src/control/merge/read-shards-in-threads.ts'
import { passGather, type ShardFile } from '../../../src/passes/70-g-merge/gather/stage.ts'
import { type ShardTally, tallyShard } from '../../../src/passes/80-health/stage.ts'
import { NO_PROFILER, startProfiler } from '../../../src/profile/profiler.ts'
import { newFolder } from '../../support/folder.ts'
import { type MergeWorld, makeWorld, type Said } from './merge-world.ts'

const compiled = new URL('../../../dist/src/control/merge/read-shards-in-threads.js', import.meta.url)
const { readShardsInThreads } = (await import(
  compiled.href
)) as typeof import('../../../src/control/merge/read-shards-in-threads.ts')

/** More than can be attached at once, and the last one of a group that is not full. */
const SHARDS = 19
const SUPERSEDED: TableShape = {
  name: 'superseded',
  key: ['cluster_id', 'concept_id'],
  others: ['name', 'reason'],
}

function setup(): MergeWorld {
  const world = makeWorld()
  onTestFinished(() => world.remove())
  for (let shardNo = 0; shardNo < SHARDS; shardNo++) {
    world.shard(
      shardNo,
      [saidBy(shardNo, 0), saidBy(shardNo, 1), { ...saidBy(shardNo, 2), standing: 'quarantined' }],
      // Both children of a split know what it retired.
      { [`gone ${shardNo >> 1}`]: `by ${shardNo}` },
    )
  }
  return world
}

const saidBy = (shardNo: number, at: number): Said => ({
  seed: `s${shardNo}-${at}`,
  name: `name ${(shardNo * 7 + at) % 11}`,
  members: { [`s${shardNo}-${at}`]: 'definition', [`f${(shardNo * 5) % 13}`]: 'property' },
  edges: [[`s${shardNo}-${at}`, 'refines', `f${(shardNo * 5) % 13}`]],
  links: [['part_of', `name ${shardNo % 11}`]],
  runId: 1 + (shardNo % 2),
})

/** @param threads none: over one connection */
async function gather(
  shards: readonly ShardFile[],
  threads: number,
  basePath: string | null = null,
  profiler = NO_PROFILER,
) {
  const dir = newFolder()
  const path = join(dir, 'field.sqlite')
  const db = openBuilding(path)
  const reading = threads === 0 ? undefined : readShardsInThreads(shards, dir, threads, profiler, 0)!
  try {
    const inputs = { basePath, shards, ...(reading === undefined ? {} : { readShards: reading.readShards }) }
    const summary = await passGather.apply(db, inputs)
    const rows = Buffer.concat([...dumpTables(db, 'main', [...RAW_TABLES, SUPERSEDED])]).toString()
    const present = new Set(summary.inputs.map(({ shard_no }) => shard_no))
    const tallies = reading?.tallies() ?? shards.filter(({ shardNo }) => present.has(shardNo)).map(tallyOf)
    return { path, said: { rows, summary, tallies: [...tallies].sort(byPath) } }
  } finally {
    settle(db)
    reading?.clear()
    expect(readdirSync(dir)).toEqual(['field.sqlite'])
  }
}

const tallyOf = ({ path }: ShardFile): ShardTally => tallyShard(path)
const byPath = (a: ShardTally, b: ShardTally): number => (a.path < b.path ? -1 : 1)

test('any number of threads gathers the rows, the digests and the tallies that one connection does', async () => {
  const world = setup()
  const { shardFiles } = world.place
  const base = await gather(shardFiles.slice(0, 12), 0)
  world.shard(3, [saidBy(3, 0)], { 's3-1': 'for a test' })
  const alone = await gather(shardFiles, 0, base.path)
  expect(alone.said.rows).toContain('retired: for a test')
  for (const threads of [1, 2, 3]) {
    const { said } = await gather(shardFiles, threads, base.path)
    expect(said, `${threads} threads`).toEqual(alone.said)
  }
})

test('a cluster that two threads meet is refused, with the later file that has it', async () => {
  const world = setup()
  world.shard(17, [saidBy(2, 0)])
  const { shardFiles } = world.place
  await expect(gather(shardFiles, 2)).rejects.toMatchObject({
    name: 'RffError',
    code: 'plan_mismatch',
    message: `1 cluster of ${shardFiles[17]!.path} stands in another shard file too, expected each in one`,
  })
})

test('what threads measure of their statements is told with the rest', async () => {
  const { place } = setup()
  const profiler = startProfiler()
  await gather(place.shardFiles, 2, null, profiler)
  const { parts, passes, statements } = profiler.end()!
  expect(parts).toBe(3)
  // Three groups in two threads, and each shard's runs once.
  expect(passes.map(({ name, calls }) => [name, calls]).sort()).toEqual([
    ['gather, in threads', 3],
    ['health of the runs, in threads', SHARDS],
  ])
  const runs = statements.filter(({ name }) => name.startsWith('INSERT INTO main.raw_members_'))
  expect(runs.reduce((sum, { calls }) => sum + calls, 0)).toBe(3)
})

test('few bytes, or the sources, start no thread', () => {
  const { place } = setup()
  expect(readShardsInThreads(place.shardFiles, newFolder(), 2)).toBeUndefined()
  expect(fromSources(place.shardFiles, newFolder(), 2, NO_PROFILER, 0)).toBeUndefined()
})

test('a shard that is damaged inside is set aside by the thread that meets it', async () => {
  const world = setup()
  const { place } = world
  world.shard(
    5,
    Array.from({ length: 400 }, (_, n): Said => ({ seed: `s${n}`, name: `name ${n}` })),
  )
  truncateSync(place.shardFiles[5]!.path, 65_536)
  const { said } = await gather(place.shardFiles, 2)
  expect(said.summary).toMatchObject({ setAside: [{ shard_no: 5, code: 'shard_damaged' }] })
  expect(said.tallies).toHaveLength(SHARDS - 1)
})

test('what a broken page brings about elsewhere arrives with the code of SQLite, not as a refusal of ours', async () => {
  const { place } = setup()
  breakPage(place.shardFiles[5]!.path, 'attempts')
  await expect(gather(place.shardFiles, 2)).rejects.toMatchObject({ name: 'Error', code: 'SQLITE_CORRUPT' })
})

/** The first byte of a page is its kind. */
function breakPage(path: string, table: string): void {
  const db = new Database(path, { readonly: true })
  const pageNo = db.prepare('SELECT min(pageno) FROM dbstat WHERE name = ?').pluck().get(table) as number
  db.close()
  const bytes = readFileSync(path)
  bytes[(pageNo - 1) * 4_096]! ^= 2
  writeFileSync(path, bytes)
}
