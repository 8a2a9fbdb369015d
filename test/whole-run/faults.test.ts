/** A run against a server that fails in every way it can: no abort, every cluster accounted for, the books right. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cli, cliJson, startCli } from '../support/cli.ts'
import { openWorld, plannedWorld, useServer, type World } from '../support/demo-world.ts'
import type { SimOptions } from '../support/sim-server/script.ts'
import { startSimServer } from '../support/sim-server/server.ts'

interface RunJson {
  readonly isClosed: boolean
  readonly todo: number
  readonly counts: { ok: number; quarantined: number; asked: number; reused: number; unanswered: number }
}

async function setup(options: SimOptions, facts = 400, more = '', shards = 3) {
  const server = await startSimServer({ seed: 7, ...options })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts, shards })
  useServer(world, server.url, more)
  return { server, world }
}

/** Attempts at the simulated server, by state. */
function attempts(world: World): Record<string, number> {
  const states: Record<string, number> = {}
  const rows = world.shardRows<{ state: string; n: number }>(
    "SELECT state, count(*) AS n FROM attempts WHERE provider = 'sim' GROUP BY state",
  )
  for (const { state, n } of rows) states[state] = (states[state] ?? 0) + n
  return states
}

test('a run survives every fault: each cluster ends ok or in quarantine, and the ledger covers the bill', async () => {
  const { server, world } = await setup({
    faults: {
      server_error: 0.04,
      unavailable: 0.02,
      hang: 0.01,
      reset_before: 0.02,
      reset_in_body: 0.02,
      cut_body: 0.02,
      html: 0.02,
      error_in_200: 0.02,
      no_choices: 0.02,
      rate_limited: 0.03,
      broken_json: 0.03,
      fenced: 0.04,
      thinking: 0.03,
      off_schema: 0.03,
      empty: 0.02,
      refusal: 0.02,
      content_filter: 0.02,
      length: 0.02,
    },
  })
  const run = await cliJson<RunJson>(world.dir, ['run'])
  expect(run).toMatchObject({ isClosed: true, todo: 0 })
  const { difference, ok, quarantined, seeds } = world.conservation()
  expect([difference, ok + quarantined]).toEqual([0, seeds])
  const states = attempts(world)
  // What the server billed is settled, or unknown where its answer never arrived; nothing is missing.
  expect(states.settled).toBeLessThanOrEqual(server.stats().billed)
  expect(states.settled! + (states.unknown ?? 0)).toBeGreaterThanOrEqual(server.stats().billed)
  // On a busy machine a deadline may pass before the request has reached anybody; then it is unknown.
  const sent = Object.values(states).reduce((a, b) => a + b, 0)
  expect(server.stats().requests).toBeLessThanOrEqual(sent)
  expect(server.stats().requests).toBeGreaterThanOrEqual(sent - (states.unknown ?? 0))
}, 120_000)

test('cases are grouped by the relation type that was at fault, also one that a model made up', async () => {
  const { world } = await setup({ faults: { circle: 0.5, made_up_type: 0.5 } }, 60, '', 1)
  await cli(world.dir, ['run'])
  const { cases } = await cliJson<{ cases: { signature: string }[] }>(world.dir, ['quarantine', 'ls'])
  const named = new Set(cases.map(({ signature }) => signature.split(' | ').slice(0, 2).join(' | ')))
  expect([...named].sort()).toEqual(['relation_cycle | refines', 'relation_type_unknown | goes_with'])
  const [{ signature }] = cases as [{ signature: string }]
  const { stdout } = await cli(world.dir, ['quarantine', 'ls', '--signature', signature])
  expect(stdout).toContain(signature)
  expect((await cli(world.dir, ['audit'])).exitCode).toBe(0)
}, 120_000)

test('a wrong key pauses the run with exit 6 and leaves the frontier untouched', async () => {
  const { world } = await setup({ key: 'right' }, 200)
  const { exitCode, stderr } = await cli(world.dir, ['run'])
  expect(exitCode).toBe(6)
  expect(stderr).toMatch(/provider_unauthorised/)
  expect(world.conservation()).toMatchObject({ quarantined: 0, difference: 0 })
})

test('a server that is gone pauses the run, and the next run does what is left', async () => {
  const { world, server } = await setup(
    { script: [{ fault: 'server_error', from: 1, to: 100_000 }] },
    300,
    'transportTries = 2\n',
  )
  const first = await cli(world.dir, ['run'])
  expect(first.exitCode).toBe(6)
  expect(world.conservation().quarantined).toBe(0)
  expect(server.stats().billed).toBe(0)
  const well = await startSimServer({ seed: 7 })
  onTestFinished(() => well.close())
  useServer(world, well.url)
  expect(await cliJson<RunJson>(world.dir, ['run'])).toMatchObject({ isClosed: true, todo: 0 })
}, 120_000)

test('one cluster that never gets an answer is quarantined, and the others are done', async () => {
  const { world } = await setup(
    { script: [{ fault: 'server_error', promptHas: 'Ramsey' }] },
    400,
    'transportTries = 2\n',
  )
  const run = await cliJson<RunJson>(world.dir, ['run'])
  expect(run.isClosed).toBe(true)
  expect(run.counts.quarantined).toBeGreaterThan(0)
  expect(run.counts.ok).toBeGreaterThan(run.counts.quarantined)
}, 120_000)

/** Stands in every question about a cluster, and not in the one that only tests whether anybody answers. */
const IN_EVERY_PROMPT = 'FACTS'

test.each([
  ['a few', 24],
  ['more than it takes to leave the server alone', 80],
])(
  '%s clusters that a server never answers, alone with it, are given up in one run',
  async (_, facts) => {
    const { world, server } = await setup(
      { script: [{ fault: 'reset_before', promptHas: IN_EVERY_PROMPT }] },
      facts,
      'circuitOpenMs = 3600000\n',
      1,
    )
    const run = await cliJson<RunJson>(world.dir, ['run'])
    expect(run).toMatchObject({ isClosed: true, todo: 0, counts: { unanswered: 0 } })
    const { seeds, ok } = world.conservation()
    expect(ok).toBeLessThan(seeds) // lone facts are for the built-in rules
    expect(run.counts.quarantined).toBe(seeds - ok)
    expect(server.stats().billed).toBeGreaterThan(0) // for the control questions, and they are on the books
    expect(attempts(world).settled).toBe(server.stats().billed)
    expect((await cli(world.dir, ['audit', '--deep'])).exitCode).toBe(0)
  },
  120_000,
)

test('a server that answers nobody leaves every cluster in the frontier, however often it is run', async () => {
  const { world } = await setup(
    { script: [{ fault: 'server_error', from: 1, to: 100_000 }] },
    24,
    'transportTries = 2\n',
    1,
  )
  for (let n = 0; n < 4; n += 1) expect((await cli(world.dir, ['run'])).exitCode).toBe(6)
  expect(world.conservation()).toMatchObject({ quarantined: 0, difference: 0 })
}, 120_000)

test('a server that answers small questions and no cluster pauses the run before all are spent on it', async () => {
  const { world, server } = await setup(
    { script: [{ fault: 'reset_before', promptHas: IN_EVERY_PROMPT }] },
    200,
    'transportTries = 1\nsystemicStreak = 3\ninFlight = 2\n',
    1,
  )
  const { exitCode, stderr } = await cli(world.dir, ['run'])
  expect(exitCode).toBe(6)
  expect(stderr).toMatch(/[678] clusters in a row got no answer, though sim answers a small question/)
  const { todo, ok, quarantined, seeds } = world.conservation()
  expect([quarantined, todo]).toEqual([0, seeds - ok])
  expect(server.stats().requests).toBeLessThan(todo)
}, 120_000)

test('an outage at the end of a run gives nobody up who is answered when it is over', async () => {
  // Longer than one request is tried, shorter than the control questions: who failed is asked again behind it.
  const { world } = await setup(
    { script: [{ fault: 'server_error', promptHas: IN_EVERY_PROMPT, timesPerBody: 2 }] },
    24,
    'transportTries = 2\n',
    1,
  )
  expect(await cliJson<RunJson>(world.dir, ['run'])).toMatchObject({
    isClosed: true,
    counts: { quarantined: 0 },
  })
}, 120_000)

test.each([1, 64])(
  'where nobody listens the run stops without waiting for a probe, with %i in flight',
  async (inFlight) => {
    const { world, server } = await setup({}, 200, `inFlight = ${inFlight}\ncircuitOpenMs = 3600000\n`, 1)
    await server.close()
    const { exitCode, stderr } = await cli(world.dir, ['run'])
    expect(exitCode).toBe(6)
    expect(stderr).toMatch(/systemic_failure: sim cannot be reached/)
    expect(world.conservation()).toMatchObject({ quarantined: 0, difference: 0 })
  },
  60_000,
)

test('SIGKILL in the middle: what was answered is not asked again', async () => {
  const { world, server } = await setup(
    { latency: { medianMs: 60, sigma: 0.4 } },
    900,
    'inFlight = 16\nthreads = 2\n',
  )
  for (let kill = 0; kill < 3; kill += 1) {
    const running = startCli(world.dir, ['run'])
    const before = server.stats().billed
    await until(() => server.stats().billed >= before + 25)
    running.process.kill('SIGKILL')
    await running.finished
    expect(world.conservation().difference).toBe(0)
  }
  const run = await cliJson<RunJson>(world.dir, ['run'])
  expect(run.isClosed).toBe(true)
  const { unknown = 0, settled } = attempts(world)
  // Only what was in flight at a kill may have been billed twice, and it stands in the books as unknown.
  expect(server.stats().billedAgain).toBeLessThanOrEqual(unknown)
  expect(settled! + unknown).toBeGreaterThanOrEqual(server.stats().billed)
  expect(unknown).toBeLessThanOrEqual(3 * 32)
}, 120_000)

test('clusters with the same texts are one request, however many are asked at once', async () => {
  const server = await startSimServer({ seed: 7, latency: { medianMs: 30, sigma: 0.2 } })
  onTestFinished(() => server.close())
  const world = openWorld()
  mkdirSync(world.dir, { recursive: true })
  const lines = Array.from({ length: 120 }, (_, n) =>
    JSON.stringify({ fact_id: `f${n}`, text: 'A quokka is a small wallaby.' }),
  )
  writeFileSync(join(world.dir, 'same.jsonl'), lines.join('\n'))
  await cliJson(world.dir, ['plan', join(world.dir, 'same.jsonl'), '--shards', '1'])
  useServer(world, server.url)
  const run = await cliJson<RunJson>(world.dir, ['run'])
  expect(run.counts.reused).toBeGreaterThan(0)
  expect(server.stats().billedAgain).toBe(0)
})

test('a cap of calls holds over two processes and a kill', async () => {
  const { world, server } = await setup({ latency: { medianMs: 30, sigma: 0.4 } }, 900)
  const killed = startCli(world.dir, ['run', '--max-calls', '60'])
  await until(() => server.stats().billed >= 20)
  killed.process.kill('SIGKILL')
  await killed.finished
  const both = await Promise.all([
    cli(world.dir, ['run', '--shard', '0']),
    cli(world.dir, ['run', '--shard', '1,2']),
  ])
  expect(both.map(({ exitCode }) => exitCode)).toContain(4)
  expect(server.stats().billed).toBeLessThanOrEqual(60)
}, 120_000)

/** Looks at a state of another process until it is there; the test's own limit ends it. */
async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5))
}
