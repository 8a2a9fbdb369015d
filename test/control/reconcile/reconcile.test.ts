/** The books held against the list of a server that knows what it billed. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Reconciled } from '../../../src/control/reconcile/reconcile.ts'
import { cli, cliJson } from '../../support/cli.ts'
import { copyOf, plannedWorld, useServer, type World } from '../../support/demo-world.ts'
import { folderOfFile } from '../../support/folder.ts'
import type { BilledRequest } from '../../support/sim-server/script.ts'
import { type SimServer, startSimServer } from '../../support/sim-server/server.ts'

const PRICE = '[prices."sim/model-a"]\ninputUsdPerMillion = 2\noutputUsdPerMillion = 8\n'
const FAR = '2000-01-01/2100-01-01'

async function runAt(server: SimServer, deadlineMs = 2_000): Promise<World> {
  const world = await plannedWorld({ facts: 160, shards: 2, folder: mkdtempSync(join(folder, 'run-')) })
  useServer(world, server.url, `transportTries = 4\n${PRICE}`, deadlineMs)
  await cliJson(world.dir, ['run', '--max-usd', '5'])
  return world
}

/** A run of which some answers never came, though some of these were billed: one for all tests. */
const folder = folderOfFile()
let ofAll: SimServer
let ran: World
beforeAll(async () => {
  ofAll = await startSimServer({ seed: 11, faults: { hang: 0.05, reset_in_body: 0.05, html: 0.05 } })
  ran = await runAt(ofAll)
})
afterAll(() => ofAll.close())

function setup(original = ran, server = ofAll) {
  const world = copyOf(original)
  const list = (lines: readonly unknown[] = server.billed()): string => {
    const path = join(world.dir, 'billed.jsonl')
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return path
  }
  return { server, world, list }
}

const exactCostOf = ({ prompt_tokens, completion_tokens }: BilledRequest): number =>
  (prompt_tokens * 2_000_000 + completion_tokens * 8_000_000) / 1_000_000
const costOf = (billed: BilledRequest): number => Math.ceil(exactCostOf(billed))

function ledger(world: World): { microUsd: number; unknown: number; tokens: number } {
  const rows = world.shardRows<{ state: string; microUsd: number; tokens: number }>(
    `SELECT state, micro_usd AS microUsd, prompt_tokens + answer_tokens AS tokens FROM audit_spend WHERE provider = 'sim'`,
  )
  return {
    microUsd: rows.reduce((sum, row) => sum + row.microUsd, 0),
    tokens: rows.reduce((sum, row) => sum + row.tokens, 0),
    unknown: rows.filter(({ state }) => state === 'unknown').length,
  }
}

const bill = (billed: readonly BilledRequest[]) => ({
  microUsd: billed.reduce((sum, one) => sum + costOf(one), 0),
  tokens: billed.reduce((sum, one) => sum + one.prompt_tokens + one.completion_tokens, 0),
})

const reconcile = (world: World, path: string, ...more: string[]) =>
  cliJson<Reconciled>(world.dir, ['spend', 'reconcile', path, ...more])

test('afterwards the ledger is the bill, to the micro-dollar', async () => {
  const { world, server, list } = setup()
  expect(ledger(world).unknown).toBeGreaterThan(0)
  expect(ledger(world).microUsd).toBeGreaterThan(bill(server.billed()).microUsd)
  const found = await reconcile(world, list(), '--covers', FAR)
  expect(found).toMatchObject({ notMatched: 0, foreign: 0, refused: [] })
  expect(found.billed).toBeGreaterThan(0)
  expect(found.notBilled).toBeGreaterThan(0) // HTML is what a gateway says that never asked the model
  expect(ledger(world)).toEqual({ ...bill(server.billed()), unknown: 0 })
  expect((await cli(world.dir, ['audit'])).exitCode).toBe(0)
})

test('reconciling twice changes nothing', async () => {
  const { world, list } = setup()
  await reconcile(world, list(), '--covers', FAR)
  const rows = world.shardRows('SELECT * FROM attempts ORDER BY attempt_id')
  const again = await reconcile(world, list(), '--covers', FAR)
  expect(again).toMatchObject({ billed: 0, notBilled: 0, notMatched: 0, corrected: 0, freedMicroUsd: 0 })
  expect(world.shardRows('SELECT * FROM attempts ORDER BY attempt_id')).toEqual(rows)
})

test('what is freed can be granted again', async () => {
  const { world, list } = setup()
  const granted = () => ledgerOfGrants(world)
  const before = granted()
  const { freedMicroUsd } = await reconcile(world, list(), '--covers', FAR)
  expect(granted()).toBe(before - freedMicroUsd)
  expect(granted()).toBe(ledger(world).microUsd)
})

function ledgerOfGrants(world: World): number {
  const rows = world.shardRows<{ microUsd: number }>(
    'SELECT coalesce(sum(micro_usd), 0) AS microUsd FROM grants',
  )
  return rows.reduce((sum, { microUsd }) => sum + microUsd, 0)
}

test('a list that is cut short declares nothing as not billed', async () => {
  const { world, server, list } = setup()
  const half = server.billed().slice(0, Math.floor(server.billed().length / 2))
  const found = await reconcile(world, list(half), '--covers', FAR)
  expect(found.notBilled).toBe(0)
  expect(found.providers[0]!.missing).toBeGreaterThan(0)
  expect(ledger(world).microUsd).toBeGreaterThanOrEqual(bill(server.billed()).microUsd)
})

test('without a stated time only what lies between the first and the last line may be missing', async () => {
  const { world, server, list } = setup()
  const timeless = server.billed().map(({ created_at: _, ...line }) => line)
  const found = await reconcile(world, list(timeless))
  expect(found).toMatchObject({ covers: null, notBilled: 0 })
  expect(found.billed).toBeGreaterThan(0)
})

test('a line that cannot be read may be about any request, so nothing is taken as not billed', async () => {
  const { world, server, list } = setup()
  const found = await reconcile(world, list([...server.billed(), { model: 'no name' }]), '--covers', FAR)
  expect(found.notBilled).toBe(0)
  expect(found.refused).toHaveLength(1)
})

test('the names of another workspace on the same account are not ours', async () => {
  const { world, server, list } = setup()
  const others = server.billed().map((line) => ({
    ...line,
    request_id: null,
    client_request_id: line.client_request_id?.replace('rff-', 'rff-x'),
  }))
  const found = await reconcile(world, list(others))
  expect(found).toMatchObject({ billed: 0, notBilled: 0, foreign: others.length })
})

test('an answer without usage is corrected from its bound, and a cost of the list is the cost', async () => {
  const server = await startSimServer({ seed: 11, faults: { no_usage: 0.3 } })
  onTestFinished(() => server.close())
  // On a busy machine an answer may come behind a short deadline: then it is lost, and not one without usage.
  const { world, list } = setup(await runAt(server, 60_000), server)
  const priced = server.billed().map((line) => ({ ...line, cost_usd: 0.001 }))
  const { corrected } = await reconcile(world, list(priced))
  expect(corrected).toBe(server.stats().byFault.no_usage)
  const costs = world.shardRows<{ n: number }>(
    "SELECT count(*) AS n FROM attempts WHERE state = 'settled' AND micro_usd = 1000",
  )
  expect(costs.reduce((sum, { n }) => sum + n, 0)).toBeGreaterThanOrEqual(corrected)
})

test('a line of a batch is booked at half price where the list tells its tokens only', async () => {
  const { world, server, list } = setup()
  useServer(world, server.url, `${PRICE}batchPercent = 50\n`)
  const changeShards = (sql: string): void => {
    for (const shardNo of [0, 1]) {
      const db = new Database(join(world.dir, `shards/000${shardNo}.sqlite`))
      db.exec(sql)
      db.close()
    }
  }
  // As a run in batches leaves them whose answers were lost.
  changeShards(`
    INSERT INTO batches (intent_id, run_id, provider, model, state, line_count, file_bytes, input_file_id, remote_id,
      intended_at_ms, ended_at_ms)
    SELECT 'lost', run_id, 'sim', 'model-a', 'completed', count(*), 1, 'file', 'batch', 1, 2
    FROM attempts WHERE state = 'unknown' GROUP BY run_id;
    UPDATE attempts SET batch_intent_id = 'lost' WHERE state = 'unknown'`)
  const lost = new Set(
    world
      .shardRows<{ id: number }>("SELECT attempt_id AS id FROM attempts WHERE state = 'unknown'")
      .map(({ id }) => id),
  )
  const { billed, billedMicroUsd } = await reconcile(world, list(), '--covers', FAR)
  const whole = server.billed().filter(({ client_request_id: id }) => lost.has(Number(id?.split('-').at(-1))))
  expect(whole.length).toBe(billed)
  expect(billedMicroUsd).toBe(whole.reduce((sum, one) => sum + Math.ceil(exactCostOf(one) / 2), 0))
})

test('a usage export as CSV with other column names says the same', async () => {
  const { world, server } = setup()
  const path = join(world.dir, 'usage.csv')
  const lines = server
    .billed()
    .map((one) =>
      [
        one.client_request_id,
        one.model,
        one.prompt_tokens,
        one.completion_tokens,
        Date.parse(one.created_at) / 1000,
      ].join(),
    )
  writeFileSync(path, `\uFEFFattempt_id,model,input_tokens,output_tokens,created\n${lines.join('\n')}\n`)
  await reconcile(world, path, '--covers', FAR)
  expect(ledger(world)).toEqual({ ...bill(server.billed()), unknown: 0 })
})
