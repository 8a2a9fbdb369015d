/** The books of vectors held against the list of a server that knows what it billed. */
import { expect, test } from 'vitest'
import { listedRequestOf } from '../../../schemas/listed-request.ts'
import { tryLease } from '../../../src/control/lease.ts'
import { indexList } from '../../../src/control/reconcile/list-index.ts'
import { reconcileVectors } from '../../../src/control/reconcile/reconcile-vectors.ts'
import { type EmbeddingWorld, embeddingWorld } from '../../support/embedding-world.ts'
import type { SimOptions } from '../../support/sim-server/script.ts'

const EVER = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }
const TEXTS = Array.from({ length: 60 }, (_, n) => `a text about the thing of number ${n}`)

/** Some of its answers never came, though some of these were billed; none by a deadline, which a busy machine would miss too. */
async function setup(sim: SimOptions = { faults: { reset_in_body: 0.25, html: 0.2 } }) {
  const world = await embeddingWorld(sim, {
    run: { transportTries: 20, circuitFailures: 50 },
  })
  expect(await world.fill(TEXTS)).toMatchObject({ embedded: TEXTS.length, stop: null })
  return world
}

/** @param lines of the server's own list unless others are given */
function reconcile(
  { server, workspace, config }: EmbeddingWorld,
  lines: readonly object[] = server.billed(),
  interval: typeof EVER | null = EVER,
) {
  const requests = lines.map((line) => {
    const read = listedRequestOf({ ...line })
    if (!read.ok) throw new Error(read.failure.message)
    return read.value
  })
  const index = indexList(requests, '')
  const found = reconcileVectors(workspace, config, { index, interval, lineage: '' }, Date.now())!
  return { ...found, foreign: index.unclaimed() }
}

const booksOf = ({ rows }: EmbeddingWorld) => {
  const states = rows<{ state: string; n: number }>('SELECT state, count(*) AS n FROM requests GROUP BY 1')
  const [{ tokens, microUsd }] = rows<{ tokens: number; microUsd: number }>(
    'SELECT sum(tokens) AS tokens, sum(micro_usd) AS microUsd FROM booked',
  ) as [{ tokens: number; microUsd: number }]
  return { tokens, microUsd, states: Object.fromEntries(states.map(({ state, n }) => [state, n])) }
}

test('afterwards the books are the bill, and reconciling twice changes nothing', async () => {
  const world = await setup()
  const before = booksOf(world)
  expect(before.states.unknown).toBeGreaterThan(0)
  const found = reconcile(world)
  expect(found).toMatchObject({ notMatched: 0, foreign: 0, heldBy: null, failure: null })
  expect(found.billed).toBeGreaterThan(0)
  expect(found.notBilled).toBeGreaterThan(0) // HTML is what a gateway says that never asked the model
  const after = booksOf(world)
  const tokens = world.server.stats().billedPromptTokens
  expect(after).toMatchObject({ tokens, microUsd: tokens * 2_000 })
  expect(after.states).toMatchObject({ reconciled: found.billed, settled: before.states.settled })
  expect(after.states.unknown).toBeUndefined()
  expect(before.microUsd - after.microUsd).toBe(found.freedMicroUsd)

  const rows = world.rows('SELECT * FROM requests')
  expect(reconcile(world)).toMatchObject({ billed: 0, notBilled: 0, corrected: 0, freedMicroUsd: 0 })
  expect(world.rows('SELECT * FROM requests')).toEqual(rows)
})

test('what is freed may be spent again under the same cap', async () => {
  const world = await setup()
  const cap = booksOf(world).microUsd
  const build = world.embedder.builds.open(world.embedder.modelNo)!
  world.embedder.builds.setCaps(build.buildId, { microUsd: cap, tokens: null, calls: null })
  const another = ['one more text that nobody has asked for']
  expect((await world.fill(another)).stop?.code).toBe('budget_spent')
  expect(reconcile(world).freedMicroUsd).toBeGreaterThan(0)
  expect(await world.fill(another)).toMatchObject({ embedded: 1, stop: null })
})

test('a list of chat alone, or one that is cut short, declares no vectors as not billed', async () => {
  const world = await setup()
  const chat = [0, 1].map((n) => ({
    ...{ request_id: `chat_${n}`, client_request_id: `rff--${n + 1}`, model: 'sim-1' },
    ...{ prompt_tokens: 5, completion_tokens: 5, created_at: new Date(n * 2e12).toISOString() },
  }))
  expect(reconcile(world, chat)).toMatchObject({ billed: 0, notBilled: 0, foreign: 2 })
  const half = world.server.billed().slice(0, Math.floor(world.server.billed().length / 2))
  const found = reconcile(world, half)
  expect(found.notBilled).toBe(0)
  expect(found.providers[0]!.missing).toBeGreaterThan(0)
  expect(booksOf(world).tokens).toBeGreaterThanOrEqual(world.server.stats().billedPromptTokens)
})

test('a request whose name the provider never told is found by ours, with no total to be its answer', async () => {
  const world = await setup()
  const byName = world.server.billed().map(({ request_id: _, completion_tokens: __, ...line }) => ({
    ...line,
    usage: { total_tokens: line.prompt_tokens },
  }))
  expect(reconcile(world, byName)).toMatchObject({ notMatched: 0, foreign: 0 })
  expect(booksOf(world).tokens).toBe(world.server.stats().billedPromptTokens)
})

test('an answer without usage is corrected from its bound', async () => {
  const world = await setup({ faults: { no_usage: 0.5 } })
  const before = booksOf(world)
  const { corrected, billed, freedMicroUsd } = reconcile(world)
  expect([corrected, billed]).toEqual([world.server.stats().byFault.no_usage, 0])
  expect(freedMicroUsd).toBe(before.microUsd - booksOf(world).microUsd)
  expect(booksOf(world).tokens).toBe(world.server.stats().billedPromptTokens)
})

test('whoever makes vectors just now is left alone', async () => {
  const world = await setup()
  const lease = tryLease(world.workspace.control, 'embed', Date.now())
  expect(lease).toHaveProperty('epoch')
  const rows = world.rows('SELECT * FROM requests')
  expect(reconcile(world)).toMatchObject({ billed: 0, heldBy: expect.stringContaining('process') })
  expect(world.rows('SELECT * FROM requests')).toEqual(rows)
})
