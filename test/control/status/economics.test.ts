/** What trouble cost, held against a server that knows what it gave. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { economicsPart } from '../../../src/control/review/economics-part.ts'
import type { Economics } from '../../../src/control/status/economics.ts'
import { cli, cliJson } from '../../support/cli.ts'
import { plannedWorld, useServer, type World } from '../../support/demo-world.ts'
import { folderOfFile } from '../../support/folder.ts'
import { type SimServer, startSimServer } from '../../support/sim-server/server.ts'

const PRICE = '[prices."sim/model-a"]\ninputUsdPerMillion = 2\noutputUsdPerMillion = 8\n'

const folder = folderOfFile()
let server: SimServer
let world: World
beforeAll(async () => {
  server = await startSimServer({
    seed: 4,
    faults: { broken_json: 0.15, off_schema: 0.1, refusal: 0.05 },
  })
  world = await plannedWorld({ facts: 300, shards: 3, folder })
  useServer(world, server.url, PRICE, 30_000) // an answer that comes late would be paid for and not had
  await cliJson(world.dir, ['run'])
})
afterAll(() => server.close())

const byCode = () => cliJson<Economics>(world.dir, ['spend', 'show', '--by', 'code'])

test('each code costs what its attempts cost, and the lanes add up to the bill', async () => {
  const { codes, lanes, microUsd } = await byCode()
  const { byFault, billedPromptTokens, billedAnswerTokens } = server.stats()
  expect(codes.find(({ code }) => code === 'answer_refused')?.attempts).toBe(byFault.refusal)
  expect(lanes.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(billedPromptTokens + billedAnswerTokens)
  expect(lanes.reduce((sum, { calls }) => sum + calls, 0)).toBe(server.stats().requests)
  expect(microUsd).toBe(lanes.reduce((sum, lane) => sum + lane.microUsd, 0))
  const [row] = world.shardRows<{ ok: number }>(
    "SELECT count(*) AS ok FROM done d JOIN attempts a USING (attempt_id) WHERE d.outcome = 'ok' AND a.provider = 'sim'",
  )
  expect(row!.ok).toBeGreaterThan(0)
  const won = lanes.reduce((sum, { clustersOk }) => sum + clustersOk, 0)
  const ok = world.shardRows<{ n: number }>(
    "SELECT count(*) AS n FROM done d JOIN attempts a ON a.attempt_id = d.attempt_id WHERE d.outcome = 'ok' AND a.provider = 'sim'",
  )
  expect(won).toBe(ok.reduce((sum, { n }) => sum + n, 0))
})

test('the part for review.md names every code and every lane with its yield', async () => {
  const found = await byCode()
  const text = economicsPart(found).join('\n\n')
  for (const { code } of found.codes) expect(text).toContain(`\`${code}\``)
  expect(text).toMatch(/\| repair \|/)
})

const NOTHING: Economics = {
  codes: [],
  lanes: [],
  salvage: { clusters: 0, savedMicroUsd: null, savedTokens: null },
  microUsd: 0,
  unreadable: [],
}

test('where no model was asked there is nothing to say about money', () => {
  expect(economicsPart(NOTHING)).toEqual([])
})

test('what salvage saved is told where a repair was paid for to compare with, and else that nobody knows', () => {
  const lanes = [
    { lane: 'primary' as const, calls: 9, clusters: 9, clustersOk: 0, tokens: 900, microUsd: 90_000 },
  ]
  const told = economicsPart({
    ...NOTHING,
    lanes,
    salvage: { clusters: 3, savedMicroUsd: 30_000, savedTokens: 300 },
  })
  expect(told.join()).toMatch(/saved about \$0\.03 \(300 tokens\)/)
  expect(told.join()).toMatch(/none won/)
  const untold = economicsPart({ ...NOTHING, lanes, salvage: { ...NOTHING.salvage, clusters: 3 } })
  expect(untold.join()).toMatch(/nobody knows/)
})

test('a run that nobody knows is refused by its name', async () => {
  const { exitCode, stderr } = await cli(world.dir, [
    'spend',
    'show',
    '--by',
    'code',
    '--run',
    '19990101_000000',
  ])
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('19990101_000000')])
  expect((await cli(world.dir, ['spend', 'show', '--by', 'moon'])).exitCode).toBe(2)
})
