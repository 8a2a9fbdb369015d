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

async function setup(options: SimOptions, { facts = 300, shards = 4, more = '' } = {}) {
  const server = await startSimServer({ seed: 7, ...options })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts, shards })
  useServer(world, server.url, more)
  return { server, world }
}

test('four processes share a limit of tokens, and are seldom refused', async () => {
  const latency = { medianMs: 100, sigma: 0.4 }
  const limits = { tokensPerMinute: 3_000_000, requestsPerMinute: 10_000, burstSeconds: 2 }
  const { server, world } = await setup({ latency, limits }, { facts: 900, more: 'threads = 1\n' })
  const runs = await Promise.all(
    [0, 1, 2, 3].map((shard) => cli(world.dir, ['--json', 'run', '--shard', String(shard)])),
  )
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
  expect(world.conservation()).toMatchObject({ todo: 0, quarantined: 0, difference: 0 })
  const { requests, overLimit } = server.stats()
  expect(overLimit / requests).toBeLessThan(0.1)
}, 120_000)

test('with --wait a run goes on by itself when the server is back', async () => {
  const script = [{ fault: 'server_error', from: 1, to: 70 }] as const
  const { world, server } = await setup({ script }, { facts: 120, more: 'transportTries = 2\n' })
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
  const { exitCode, stderr } = await cli(world.dir, ['run', '--max-wait', '0.0005'])
  expect([exitCode, stderr]).toEqual([6, expect.stringMatching(/waiting until/)])
}, 60_000)
