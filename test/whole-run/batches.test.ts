/** Runs whose questions go out as batches, against a server that keeps books of its own; every process is a real one. */
import { expect, onTestFinished, test } from 'vitest'
import { cli, cliJson, startCli } from '../support/cli.ts'
import { plannedWorld, useServer, type World } from '../support/demo-world.ts'
import { HOLD_POINTS, type SimOptions } from '../support/sim-server/script.ts'
import { type SimServer, startSimServer } from '../support/sim-server/server.ts'

interface BatchAudit {
  readonly intent_id: string
  readonly state: string
  readonly remote_id: string | null
  readonly line_count: number
  readonly under_way: number
  readonly settled: number
  readonly failed: number
}

interface RunJson {
  readonly isClosed: boolean
  readonly todo: number
  readonly stop: { readonly code: string } | null
  readonly comeBackAtMs: number | null
  readonly counts: { ok: number; quarantined: number; asked: number; microUsd: number }
}

const PATIENT = ['run', '--batch', '--wait', '--max-wait', '0.02']

async function setup(options: SimOptions, { facts = 100, shards = 1, more = '' } = {}) {
  const server = await startSimServer({ seed: 7, ...options })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts, shards })
  useServer(world, server.url, `[batch]\npollMs = 20\npollMaxMs = 20\n${more}`)
  return { server, world }
}

const audits = (world: World): BatchAudit[] =>
  world.shardRows<BatchAudit>('SELECT * FROM audit_batches ORDER BY intent_id')

const total = (rows: readonly BatchAudit[], column: 'line_count' | 'under_way' | 'settled' | 'failed') =>
  rows.reduce((sum, row) => sum + row[column], 0)

/** The intents of the server's batches, each as often as it has a batch. */
async function intentsAt(server: SimServer): Promise<string[]> {
  const response = await fetch(`${server.url}/batches?limit=1000`)
  const { data } = (await response.json()) as { data: { metadata: { rff_intent: string } }[] }
  return data.map(({ metadata }) => metadata.rff_intent).sort()
}

async function filesAt(server: SimServer): Promise<string[]> {
  const { data } = (await (await fetch(`${server.url}/files`)).json()) as {
    data: { filename: string; purpose: string }[]
  }
  return data.filter(({ purpose }) => purpose === 'batch').map(({ filename }) => filename)
}

/** What holds after any run of batches that came to its end. */
async function expectBooksRight(world: World, server: SimServer): Promise<void> {
  const rows = audits(world)
  expect(total(rows, 'under_way')).toBe(0)
  expect(total(rows, 'settled')).toBe(server.stats().billed)
  expect(total(rows, 'settled') + total(rows, 'failed')).toBe(total(rows, 'line_count'))
  expect(await intentsAt(server)).toEqual(rows.map(({ intent_id }) => intent_id).sort())
  expect(world.conservation().difference).toBe(0)
  expect(world.shardRows("SELECT 1 FROM attempts WHERE state IN ('sent', 'unknown')")).toEqual([])
  await cliJson(world.dir, ['audit'])
}

test('a run of batches does all clusters without one request online, and what it made is at half price', async () => {
  const price = '[prices."sim/model-a"]\ninputUsdPerMillion = 2\noutputUsdPerMillion = 8\nbatchPercent = 50\n'
  const { world, server } = await setup({ faults: { off_schema: 0.1, broken_json: 0.05 } }, { more: price })
  const run = await cliJson<RunJson>(world.dir, [...PATIENT, '--max-usd', '5'])
  expect(run).toMatchObject({ isClosed: true, todo: 0, stop: null })
  const { requests, billedPromptTokens, billedAnswerTokens } = server.stats()
  expect(requests).toBe(0)
  const full = billedPromptTokens * 2 + billedAnswerTokens * 8
  // Rounded up per attempt.
  expect(run.counts.microUsd).toBeGreaterThanOrEqual(full / 2)
  expect(run.counts.microUsd).toBeLessThanOrEqual(full / 2 + run.counts.asked)
  await expectBooksRight(world, server)
})

test('without --wait a run sends its batches and ends with 5 and the time to come back', async () => {
  const { world, server } = await setup({}, { shards: 2 })
  const first = await cli(world.dir, ['--json', 'run', '--batch'])
  expect(first.exitCode).toBe(5)
  const { stop, comeBackAtMs } = JSON.parse(first.stdout) as RunJson
  expect(stop?.code).toBe('batches_pending')
  expect(comeBackAtMs).toBeGreaterThan(0)
  const sent = await intentsAt(server)
  expect(sent).toHaveLength(2)
  // Nothing of it is asked again, by another batch run or online.
  expect((await cli(world.dir, ['run'])).exitCode).toBe(5)
  expect(await intentsAt(server)).toEqual(sent)
  expect(server.stats().requests).toBe(0)
  await cliJson(world.dir, PATIENT)
  await expectBooksRight(world, server)
})

test.each(HOLD_POINTS)(
  'killed at %s: one batch for each intent, and every answer is booked once',
  async (holdAt) => {
    const { world, server } = await setup({ batches: { holdAt } })
    const killed = startCli(world.dir, PATIENT)
    await until(() => server.stats().held === 1)
    killed.process.kill('SIGKILL')
    await killed.finished
    expect(world.conservation().difference).toBe(0)
    const run = await cliJson<RunJson>(world.dir, PATIENT)
    expect(run.isClosed).toBe(true)
    await expectBooksRight(world, server)
    expect(server.stats().billedAgain).toBe(0)
    const files = await filesAt(server)
    expect(new Set(files).size).toBe(files.length)
  },
)

test('a connection that breaks at each step makes nothing twice', async () => {
  for (const holdAt of HOLD_POINTS) {
    const { world, server } = await setup({ batches: { holdAt } }, { facts: 80 })
    const run = await cliJson<RunJson>(world.dir, PATIENT)
    expect(run.isClosed, holdAt).toBe(true)
    await expectBooksRight(world, server)
    expect(server.stats().billedAgain, holdAt).toBe(0)
  }
})

test('what an expired batch had done is booked, and the rest goes into another one', async () => {
  const { world, server } = await setup({ batches: { outcomes: ['expired', 'expired'], doneShare: 0.3 } })
  await cliJson<RunJson>(world.dir, PATIENT)
  await expectBooksRight(world, server)
  const expired = audits(world).filter(({ state }) => state === 'expired')
  expect(expired).toHaveLength(2)
  for (const { settled, failed } of expired) expect([settled > 0, failed > 0]).toEqual([true, true])
  expect(server.stats().billedAgain).toBe(0)
})

test('what a cancelled batch had done is booked, and the rest goes into another one', async () => {
  const { world, server } = await setup({})
  await cli(world.dir, ['run', '--batch'])
  const [{ remote_id }] = audits(world) as [BatchAudit]
  await fetch(`${server.url}/batches/${remote_id}/cancel`, { method: 'POST' })
  await cliJson<RunJson>(world.dir, PATIENT)
  await expectBooksRight(world, server)
  const [cancelled] = audits(world).filter(({ state }) => state === 'cancelled')
  expect(cancelled!.settled).toBeGreaterThan(0)
  expect(cancelled!.failed).toBeGreaterThan(0)
})

test('a batch that is too much for the provider is sent again in halves', async () => {
  const { world, server } = await setup({ batches: { outcomes: ['failed'] } })
  await cliJson<RunJson>(world.dir, PATIENT)
  await expectBooksRight(world, server)
  const rows = audits(world)
  const [whole] = rows.filter(({ state }) => state === 'failed')
  expect(whole).toMatchObject({ settled: 0, failed: whole!.line_count })
  const most = Math.max(...rows.filter(({ state }) => state === 'completed').map((row) => row.line_count))
  expect(most).toBe(Math.floor(whole!.line_count / 2))
})

test('a file that is not found for a moment is waited for', async () => {
  const { world, server } = await setup({ batches: { freshFileNotFoundTimes: 2 } })
  await cliJson<RunJson>(world.dir, PATIENT)
  await expectBooksRight(world, server)
})

test('no batch has more lines or bytes than the settings allow', async () => {
  const { world, server } = await setup({}, { more: 'maxLines = 3\nmaxBytes = 100000\n' })
  await cliJson<RunJson>(world.dir, PATIENT)
  await expectBooksRight(world, server)
  expect(audits(world).length).toBeGreaterThan(3)
  for (const { line_count } of audits(world)) expect(line_count).toBeLessThanOrEqual(3)
  const sizes = world.shardRows<{ file_bytes: number }>('SELECT file_bytes FROM batches')
  for (const { file_bytes } of sizes) expect(file_bytes).toBeLessThanOrEqual(100_000)
})

test('a cap holds for batches: what is reserved cuts them, what they leave over goes into the next', async () => {
  const { world, server } = await setup({}, { shards: 2 })
  const { exitCode } = await cli(world.dir, [...PATIENT, '--max-calls', '10'])
  expect(exitCode).toBe(4)
  expect(server.stats().billed).toBe(10)
  expect(total(audits(world), 'under_way')).toBe(0)
})

test('lines that always fail set their cluster aside; the others are done', async () => {
  const world = await plannedWorld({ facts: 200, shards: 2 })
  const [seed] = world.shardRows<{ text: string }>(
    'SELECT text FROM cluster_members JOIN clusters USING (cluster_id) WHERE is_lone = 0 AND i = 0',
  )
  const server = await startSimServer({ script: [{ fault: 'server_error', promptHas: seed!.text }] })
  onTestFinished(() => server.close())
  useServer(world, server.url, 'transportTries = 2\n[batch]\npollMs = 20\npollMaxMs = 20\n')
  const run = await cliJson<RunJson>(world.dir, PATIENT)
  expect(run).toMatchObject({ isClosed: true, counts: { quarantined: 1 } })
  const codes = world.shardRows<{ codes: string }>('SELECT codes FROM quarantine')
  expect(codes).toEqual([{ codes: '["provider_error"]' }])
  expect(server.stats().batchLines).toBe(server.stats().billed + 2)
})

test('a shard is not split while a batch of it is under way; afterwards each half has its own lines', async () => {
  const { world, server } = await setup({}, { facts: 150 })
  await cli(world.dir, ['run', '--batch'])
  const refused = await cli(world.dir, ['plan', '--split', '0'])
  expect([refused.exitCode, refused.stderr]).toEqual([5, expect.stringMatching(/batches_pending/)])
  await cliJson<RunJson>(world.dir, PATIENT)
  const lines = total(audits(world), 'line_count')
  await cliJson(world.dir, ['plan', '--split', '0'])
  expect(total(audits(world), 'line_count')).toBe(lines)
  expect(total(audits(world), 'settled')).toBe(server.stats().billed)
  await cliJson(world.dir, ['audit'])
})

test('a provider without batches is named before anything is sent', async () => {
  const { world } = await setup({}, { facts: 60 })
  const { exitCode, stderr } = await cli(world.dir, ['run', '--batch', '--model', 'ollama/llama3'])
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/ollama takes no batches/)
})

/** Looks at a state of another process until it is there; the test's own limit ends it. */
async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5))
}
