/**
 * A cap in dollars over several processes that are killed at random: what the server bills stays within it, the books
 * cover the bill, and the server's own list makes the two equal.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Reconciled } from '../../src/control/reconcile/reconcile.ts'
import { cli, cliJson, type RunningCli, startCli } from '../support/cli.ts'
import { plannedWorld, useServer, type World } from '../support/demo-world.ts'
import { seededRandom } from '../support/sim-server/random.ts'
import type { BilledRequest } from '../support/sim-server/script.ts'
import { type SimServer, startSimServer } from '../support/sim-server/server.ts'

const IS_FULL = process.env.RFF_TEST_FULL === '1'
const CAP_USD = 1
const KILLS = IS_FULL ? 10 : 4
const SHARDS = 4
const USD_PER_MILLION = { input: 1, output: 8 }

const MORE = `threads = 1
inFlight = 3
transportTries = 3
answerLimitTokens = 600
[prices."sim/model-a"]
inputUsdPerMillion = ${USD_PER_MILLION.input}
outputUsdPerMillion = ${USD_PER_MILLION.output}
`

const costOf = ({ prompt_tokens, completion_tokens }: BilledRequest): number =>
  Math.ceil(prompt_tokens * USD_PER_MILLION.input + completion_tokens * USD_PER_MILLION.output)

const billOf = (server: SimServer): number => server.billed().reduce((sum, one) => sum + costOf(one), 0)

/** Micro-dollars by state, over all shards. */
function ledger(world: World): Record<string, number> {
  const rows = world.shardRows<{ state: string; microUsd: number }>(
    "SELECT state, micro_usd AS microUsd FROM audit_spend WHERE provider = 'sim'",
  )
  const sums: Record<string, number> = { settled: 0, unknown: 0, sent: 0, reconciled: 0 }
  for (const { state, microUsd } of rows) sums[state] = (sums[state] ?? 0) + microUsd
  return sums
}

/** Every shard has a process of its own; one that is killed is started again. */
async function runAndKill(world: World, server: SimServer, random: () => number): Promise<number> {
  const args = (shard: number) => ['run', '--shard', String(shard), '--max-usd', String(CAP_USD)]
  const running = new Map<number, RunningCli>()
  let kills = 0
  const start = (shard: number): void => {
    const process = startCli(world.dir, args(shard))
    running.set(shard, process)
    process.finished.then(() => running.get(shard) === process && running.delete(shard))
  }
  for (let shard = 0; shard < SHARDS; shard += 1) start(shard)
  while (running.size > 0 && kills < KILLS) {
    // Each costs the cap what is in flight at worst case, so that it would not last for ten kills far apart.
    const target = server.stats().billed + 2 + Math.floor(random() * 4)
    while (running.size > 0 && server.stats().billed < target) await turn()
    const shards = [...running.keys()].sort((a, b) => a - b)
    const shard = shards[Math.floor(random() * shards.length)]
    if (shard === undefined) break
    const victim = running.get(shard)!
    victim.process.kill('SIGKILL')
    if ((await victim.finished).signal === 'SIGKILL') kills += 1
    start(shard)
  }
  await Promise.all([...running.values()].map(({ finished }) => finished))
  return kills
}

/** Gives the server and the children a turn; what is waited for is theirs to do. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2))

test(
  `a cap of $${CAP_USD} holds over ${SHARDS} processes and ${KILLS} kills, and the books become the bill`,
  async () => {
    const server = await startSimServer({
      seed: 5,
      latency: { medianMs: IS_FULL ? 600 : 250, sigma: 0.5 },
      faults: { hang: 0.01, reset_in_body: 0.02, server_error: 0.02, broken_json: 0.03 },
    })
    onTestFinished(() => server.close())
    const world = await plannedWorld({ facts: IS_FULL ? 900 : 500, shards: SHARDS, args: ['--every'] })
    useServer(world, server.url, MORE)

    expect(await runAndKill(world, server, seededRandom(17))).toBe(KILLS)
    const rest = await cli(world.dir, ['run'])
    // A bill only grows, so what holds at the end held at every moment.
    expect(billOf(server)).toBeLessThanOrEqual(CAP_USD * 1_000_000)
    expect(rest.exitCode).toBe(4)
    const before = ledger(world)
    expect(before.sent).toBe(0)
    expect(before.settled).toBeLessThanOrEqual(billOf(server))
    expect(before.settled! + before.unknown!).toBeGreaterThanOrEqual(billOf(server))
    expect(before.settled! + before.unknown!).toBeLessThanOrEqual(CAP_USD * 1_000_000)

    const path = join(world.dir, 'billed.jsonl')
    const reconcile = () => {
      writeFileSync(
        path,
        server
          .billed()
          .map((line) => `${JSON.stringify(line)}\n`)
          .join(''),
      )
      return cliJson<Reconciled>(world.dir, ['spend', 'reconcile', path, '--covers', '2000-01-01/2100-01-01'])
    }
    expect(await reconcile()).toMatchObject({ notMatched: 0, foreign: 0 })
    const after = ledger(world)
    expect(after.settled! + after.reconciled!).toBe(billOf(server))
    expect(after.unknown).toBe(0)

    // What was freed may be spent, and no more.
    await cli(world.dir, ['run'])
    expect(billOf(server)).toBeLessThanOrEqual(CAP_USD * 1_000_000)
    await reconcile()
    const last = ledger(world)
    expect([last.settled! + last.reconciled!, last.unknown]).toEqual([billOf(server), 0])
    expect(world.conservation().difference).toBe(0)
    expect((await cli(world.dir, ['audit'])).exitCode).toBe(0)
  },
  IS_FULL ? 600_000 : 180_000,
)
