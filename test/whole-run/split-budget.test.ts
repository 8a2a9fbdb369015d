/** A shard that is split in the middle of a run under a cap: each half has what it has booked, and the cap holds on. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { cli, cliJson, startCli } from '../support/cli.ts'
import { plannedWorld, useServer, type World } from '../support/demo-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const MORE = `threads = 1
inFlight = 3
answerLimitTokens = 600
[prices."sim/model-a"]
inputUsdPerMillion = 1
outputUsdPerMillion = 8
`

interface Money {
  readonly calls: number
  readonly tokens: number
  readonly microUsd: number
}

function rowsOf<T>(path: string, sql: string): T[] {
  const db = new Database(path, { readonly: true })
  try {
    return db.prepare(sql).all() as T[]
  } finally {
    db.close()
  }
}

const GRANTED = 'total(calls) AS calls, total(tokens) AS tokens, total(micro_usd) AS microUsd FROM grants'
const BOOKED = `
  SELECT count(*) AS calls,
    total(CASE WHEN state IN ('sent', 'unknown') THEN reserved_tokens ELSE prompt_tokens + answer_tokens END) AS tokens,
    total(CASE WHEN state IN ('sent', 'unknown') THEN reserved_micro_usd ELSE micro_usd END) AS microUsd
  FROM attempts WHERE provider = 'sim' AND reused_attempt_id IS NULL AND state <> 'failed'`

/** What control has given a shard, what its file says that it was given, and what its attempts have booked. */
function booksOf(world: World, shardNo: number) {
  const file = join(world.dir, 'shards', `${String(shardNo).padStart(4, '0')}.sqlite`)
  const control = join(world.dir, 'control.sqlite')
  return {
    given: rowsOf<Money>(control, `SELECT ${GRANTED} WHERE shard_no = ${shardNo}`)[0]!,
    taken: rowsOf<Money>(file, `SELECT ${GRANTED}`)[0]!,
    booked: rowsOf<Money>(file, BOOKED)[0]!,
  }
}

test('each half of a split shard has the budget that its own attempts have booked, and the cap holds on', async () => {
  const server = await startSimServer({ seed: 3, latency: { medianMs: 60, sigma: 0.3 } })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts: 100, shards: 1, args: ['--every'] })
  useServer(world, server.url, MORE)
  const { seeds } = world.conservation()
  const capCalls = Math.round(seeds * 0.8)
  const caps = ['--max-calls', String(capCalls), '--max-usd', '1', '--max-tokens', '1000000']

  const killed = startCli(world.dir, ['run', ...caps])
  // The frontier is worked through in the order of its keys, so beyond the middle both halves have calls.
  while (server.stats().billed < seeds * 0.6) await new Promise((resolve) => setTimeout(resolve, 2))
  killed.process.kill('SIGKILL')
  await killed.finished
  const billedBefore = server.stats().billed
  await cliJson(world.dir, ['plan', '--split', '0'])

  const halves = [1, 2].map((shardNo) => booksOf(world, shardNo))
  for (const { given, taken, booked } of halves) {
    expect(given).toEqual(booked)
    expect(taken).toEqual(booked)
    expect(booked.calls).toBeGreaterThan(0)
  }
  const calls = halves.reduce((sum, { given }) => sum + given.calls, 0)
  expect(calls).toBeGreaterThanOrEqual(billedBefore)
  expect(calls).toBeLessThanOrEqual(billedBefore + 3)

  // Both halves go on under the cap of the run, and what was answered before is not bought again.
  expect((await cli(world.dir, ['run'])).exitCode).toBe(4)
  const { billed, billedAgain } = server.stats()
  expect(billed).toBeLessThanOrEqual(capCalls)
  expect(billed).toBeGreaterThan(capCalls - 8)
  expect(billedAgain).toBeLessThanOrEqual(3)
  expect(world.conservation()).toMatchObject({ quarantined: 0, difference: 0 })
  expect((await cli(world.dir, ['audit'])).exitCode).toBe(0)
}, 400_000)
