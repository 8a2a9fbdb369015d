/** Stored answers judged again, through the real command line, beside a server that counts what it is asked. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import type { Replay } from '../../../src/control/replay/replay.ts'
import { replay } from '../../../src/control/replay/replay.ts'
import { openWorkspace } from '../../../src/control/workspace.ts'
import { structureTask } from '../../../src/passes/30-c-structure/task.ts'
import { cli, cliJson } from '../../support/cli.ts'
import { copyOf, fieldDigest, plannedWorld, useServer, type World } from '../../support/demo-world.ts'
import { folderOfFile } from '../../support/folder.ts'
import { type SimServer, startSimServer } from '../../support/sim-server/server.ts'

const TIGHT = '[structure]\nrelationTypes = ["refines"]\n'
const EVERY_TABLE = [
  'done',
  'structures',
  'quarantine',
  'delta_concepts',
  'delta_members',
  'delta_edges',
  'attempts',
]

const folder = folderOfFile()
let server: SimServer
/** Two runs of the same answers: one that allowed all relation types, and one that allowed one of them. */
let loose: World
let tight: World
beforeAll(async () => {
  server = await startSimServer({ seed: 7 })
  loose = await runWith('')
  tight = await runWith(TIGHT)
})
afterAll(() => server.close())

async function runWith(settings: string): Promise<World> {
  const world = await plannedWorld({ facts: 250, shards: 3, folder: mkdtempSync(join(folder, 'run-')) })
  useServer(world, server.url, settings)
  await cliJson(world.dir, ['run'])
  return world
}

/** The run that allowed one type, with settings that allow all. */
function loosened(): World {
  const world = copyOf(tight)
  useServer(world, server.url)
  return world
}

const rowsOf = (world: World): unknown[] =>
  EVERY_TABLE.flatMap((table) => world.shardRows(`SELECT * FROM ${table} ORDER BY 1, 2, 3`))

test('a type that is allowed now brings its clusters out of quarantine, without a request', async () => {
  const world = loosened()
  const before = world.conservation()
  expect(before.quarantined).toBeGreaterThan(5)
  const asked = server.stats().requests

  const rows = rowsOf(world)
  const shown = await cliJson<Replay>(world.dir, ['replay'])
  expect(shown.counts).toMatchObject({ newly_ok: before.quarantined, newly_bad: 0 })
  expect(shown.codes).toContainEqual({
    change: 'newly_ok',
    code: 'relation_type_unknown',
    gone: before.quarantined,
    come: 0,
  })
  expect(shown.samples.length).toBeGreaterThan(0)
  expect(rowsOf(world)).toEqual(rows)

  const applied = await cliJson<Replay>(world.dir, ['replay', '--apply'])
  expect(applied.counts).toEqual(shown.counts)
  expect(world.conservation()).toMatchObject({ quarantined: 0, difference: 0, ok: before.seeds })
  expect((await cliJson<Replay>(world.dir, ['replay'])).counts).toMatchObject({ unchanged: before.seeds })
  expect(server.stats().requests).toBe(asked)
  expect((await cli(world.dir, ['audit'])).exitCode).toBe(0)
})

test('a field after a replay is the field of a run that judged so from the start', async () => {
  const world = loosened()
  await cliJson(world.dir, ['replay', '--apply'])
  await cliJson(world.dir, ['merge'])
  const plain = copyOf(loose)
  await cliJson(plain.dir, ['merge'])
  expect(fieldDigest(world)).toBe(fieldDigest(plain))
})

test('applying what is applied already changes no row', async () => {
  const world = loosened()
  await cliJson(world.dir, ['replay', '--apply'])
  const rows = rowsOf(world)
  await cliJson(world.dir, ['replay', '--apply'])
  expect(rowsOf(world)).toEqual(rows)
})

test('the lines for people follow: the last line of a cluster says what it became', async () => {
  const world = loosened()
  await cliJson(world.dir, ['replay', '--apply'])
  const dir = join(world.dir, 'runs')
  const [tag] = readdirSync(dir)
  const ok = readdirSync(join(dir, tag!))
    .filter((name) => name.startsWith('ok.'))
    .flatMap((name) =>
      readFileSync(join(dir, tag!, name), 'utf8')
        .trimEnd()
        .split('\n'),
    )
  expect(new Set(ok.map((line) => (JSON.parse(line) as { cluster_id: string }).cluster_id)).size).toBe(
    world.conservation().seeds,
  )
})

/** As today's task, and no concept may be named with one of these letters. */
function stricterTask(world: World) {
  const config = loadConfig(join(world.dir, 'rff.toml'), '', {})
  const task = structureTask({ relationTypes: config.structure.relationTypes })
  const stricter: typeof task = {
    ...task,
    version: task.version + 1,
    validate: (structure, cluster) => [
      ...task.validate(structure, cluster),
      ...(/^[a-mA-M]/.test(structure.concept.name)
        ? [{ code: 'concept_name_not_grounded' as const, at: 'concept.name', message: 'early letter' }]
        : []),
    ],
  }
  return { config, task: stricter }
}

function replayWith(world: World, isApplied: boolean): Replay {
  const workspace = openWorkspace(world.dir, 'use')
  try {
    const { config, task } = stricterTask(world)
    return replay(workspace, config, { isApplied, domain: null, promptText: null, task }, 0)
  } finally {
    workspace.close()
  }
}

test('a stricter validator throws out what the rules said, with their deltas, and a looser one takes it back', async () => {
  const world = await plannedWorld({ facts: 250, shards: 2 })
  await cliJson(world.dir, ['run'])
  await cliJson(world.dir, ['merge'])
  const digest = fieldDigest(world)
  writeFileSync(join(world.dir, 'rff.toml'), '')
  const { counts } = replayWith(world, true)
  expect(counts.newly_bad).toBeGreaterThan(5)
  expect(world.conservation()).toMatchObject({ quarantined: counts.newly_bad, difference: 0 })
  const orphans = world.shardRows(
    "SELECT 1 FROM delta_concepts WHERE cluster_id IN (SELECT cluster_id FROM done WHERE outcome = 'quarantined')",
  )
  expect(orphans).toEqual([])

  const back = await cliJson<Replay>(world.dir, ['replay', '--apply'])
  expect(back.counts.newly_ok).toBe(counts.newly_bad)
  await cliJson(world.dir, ['merge'])
  expect(fieldDigest(world)).toBe(digest)
})

test('where a repair call would have to be paid for, the cluster stays as it is', async () => {
  const world = copyOf(loose)
  const standing = () =>
    new Map(
      world
        .shardRows<{ cluster_id: string }>('SELECT * FROM done LEFT JOIN structures USING (cluster_id)')
        .map((row) => [row.cluster_id, row]),
    )
  const before = standing()
  const { counts, samples } = replayWith(world, true)
  expect(counts.not_enough).toBeGreaterThan(5)
  const asking = samples.filter(({ change }) => change === 'not_enough')
  expect(asking.length).toBeGreaterThan(0)
  for (const { clusterId } of asking) expect(standing().get(clusterId)).toEqual(before.get(clusterId))
})

test('a shard that somebody works on is left alone and named', async () => {
  const world = loosened()
  const workspace = openWorkspace(world.dir, 'use')
  onTestFinished(() => workspace.close())
  const { claimLease } = await import('../../../src/control/lease.ts')
  const lease = claimLease(workspace.control, 'shard:1', 0)
  const { exitCode, stdout } = await cli(world.dir, ['--json', 'replay', '--apply'])
  expect(exitCode).toBe(8)
  expect((JSON.parse(stdout) as Replay).held.map(({ shardNo }) => shardNo)).toEqual([1])
  lease.release()
})
