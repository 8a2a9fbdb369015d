/** Limits, windows and servers that are gone, with real processes. */
import { expect, onTestFinished, test } from 'vitest'
import { cli, cliJson } from '../support/cli.ts'
import { plannedWorld, useServer } from '../support/demo-world.ts'
import type { SimOptions } from '../support/sim-server/script.ts'
import { startSimServer } from '../support/sim-server/server.ts'

interface RunJson {
  readonly isClosed: boolean
  readonly stop: { readonly code: string } | null
  readonly comeBackAtMs: number | null
  readonly counts: { ok: number; asked: number }
}

async function setup(options: SimOptions, { facts = 300, shards = 4, more = '', deadlineMs = 2_000 } = {}) {
  const server = await startSimServer({ seed: 7, ...options })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts, shards })
  useServer(world, server.url, more, deadlineMs)
  return { server, world }
}

test('four processes share a limit of tokens: nothing is lost, and few calls are refused', async () => {
  const latency = { medianMs: 100, sigma: 0.4 }
  const limits = { tokensPerMinute: 6_000_000, requestsPerMinute: 10_000, burstSeconds: 2 }
  const { server, world } = await setup({ latency, limits }, { facts: 900, more: 'threads = 1\n' })
  const runs = await Promise.all(
    [0, 1, 2, 3].map((shard) => cli(world.dir, ['--json', 'run', '--shard', String(shard)])),
  )
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
  expect(world.conservation()).toMatchObject({ todo: 0, quarantined: 0, difference: 0 })
  const { requests, overLimit } = server.stats()
  // A run this short is all beginning, 0 to 2 of some 116 on an idle machine, and on a busy one requests arrive in heaps.
  // How little it is when a run has settled is held in ten minutes of virtual time (test/llm/limiter), and measured by the bench.
  expect(overLimit / requests).toBeLessThan(0.25)
}, 120_000)

test('with --wait a run goes on by itself when the server is back', async () => {
  const script = [{ fault: 'server_error', from: 1, to: 70 }] as const
  const { world, server } = await setup({ script }, { facts: 120 })
  const alone = await cli(world.dir, ['run'])
  expect(alone.exitCode).toBe(6)
  expect(alone.stderr).toMatch(/probes|clusters/)
  expect(server.stats().requests).toBeLessThan(70)
  const run = await cliJson<RunJson>(world.dir, ['run', '--wait', '--max-wait', '0.02'])
  expect(run).toMatchObject({ isClosed: true, stop: null })
  expect(world.conservation()).toMatchObject({ todo: 0, quarantined: 0, difference: 0 })
}, 120_000)

test('a longest wait ends the waiting', async () => {
  const { world } = await setup({ key: 'another' }, { facts: 60, shards: 1 })
  const { exitCode, stderr } = await cli(world.dir, ['run', '--max-wait', '0.003'])
  expect([exitCode, stderr]).toEqual([6, expect.stringMatching(/waiting until/)])
}, 60_000)

/** A window that has just begun and lasts an hour. */
const windowOf = (tokens: number): string => {
  const reset = `${new Date(Date.now() - 60_000).toISOString().slice(0, 16)}Z`
  return `answerLimitTokens = 500\n[window]\ntokens = ${tokens}\nhours = 1\nreset = "${reset}"\nshare = 0.75\n`
}

const billedTokens = (stats: { billedPromptTokens: number; billedAnswerTokens: number }): number =>
  stats.billedPromptTokens + stats.billedAnswerTokens

test('a run stops before the share of the window is used up, over two processes, and says when to come back', async () => {
  const { world, server } = await setup(
    { latency: { medianMs: 20, sigma: 0.4 } },
    // What comes behind a deadline counts at its worst case, which fills a window with few answers.
    { facts: 900, more: windowOf(120_000), deadlineMs: 60_000 },
  )
  const runs = await Promise.all([
    cli(world.dir, ['--json', 'run', '--shard', '0,1']),
    cli(world.dir, ['--json', 'run', '--shard', '2,3']),
  ])
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([5, 5])
  for (const { stdout } of runs) {
    const { stop, comeBackAtMs } = JSON.parse(stdout) as RunJson
    expect(stop?.code).toBe('window_exhausted')
    expect(comeBackAtMs).toBeGreaterThan(Date.now())
    expect(comeBackAtMs).toBeLessThanOrEqual(Date.now() + 3_600_000)
  }
  expect(billedTokens(server.stats())).toBeLessThanOrEqual(90_000)
  expect(billedTokens(server.stats())).toBeGreaterThan(60_000)
  expect(world.conservation()).toMatchObject({ quarantined: 0, difference: 0 })
  // It is counted from rows, so the next process finds what these two left, and no more.
  expect((await cli(world.dir, ['run'])).exitCode).toBe(5)
  expect(billedTokens(server.stats())).toBeLessThanOrEqual(90_000)
  const status = await cli(world.dir, ['status'])
  expect(status.stdout).toMatch(/window +\d[\d,]* of 90,000 tokens used since/)
}, 120_000)

test('with --wait a run goes on in the next window', async () => {
  const window = 'answerLimitTokens = 500\n[window]\ntokens = 20000\nhours = 0.002\nshare = 1\n'
  const { world, server } = await setup({}, { facts: 120, shards: 1, more: window })
  const run = await cliJson<RunJson>(world.dir, ['run', '--wait', '--max-wait', '0.1'])
  expect(run).toMatchObject({ isClosed: true, stop: null })
  expect(billedTokens(server.stats())).toBeGreaterThan(0)
}, 300_000)
