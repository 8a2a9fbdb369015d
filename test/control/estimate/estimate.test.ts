/** What an estimate says, held against what the run then cost at a server that counts. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Estimate } from '../../../src/control/estimate/estimate.ts'
import { sampleFrom } from '../../../src/control/estimate/read-history.ts'
import { cli, cliJson } from '../../support/cli.ts'
import { factsFile, openWorld, plannedWorld, useServer } from '../../support/demo-world.ts'
import { newFolder } from '../../support/folder.ts'
import { startSimServer } from '../../support/sim-server/server.ts'

const PRICE = '[prices."sim/model-a"]\ninputUsdPerMillion = 2\noutputUsdPerMillion = 8\nbatchPercent = 50\n'

async function setup(more = PRICE) {
  const server = await startSimServer({ seed: 9, faults: { broken_json: 0.1, off_schema: 0.1 } })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts: 900, shards: 3 })
  useServer(world, server.url, more)
  return { server, world }
}

const estimateOf = (dir: string, ...more: string[]) => cliJson<Estimate>(dir, ['estimate', ...more])

test('without any answer it asks nobody and takes answers to be as long as they may be', async () => {
  const { world, server } = await setup()
  const found = await estimateOf(world.dir)
  expect(server.stats().requests).toBe(0)
  expect(found.lanes[0]).toMatchObject({ lane: 'primary', basis: 'limit' })
  expect(found.repairShare).toBeNull()
  expect(found.microUsd!.mean).toBeGreaterThan(0)
  expect(found.batchMicroUsd).toBe(Math.ceil(found.microUsd!.mean / 2))
})

test('from a paid sample it comes near to what the rest then costs, and the sample is kept', async () => {
  const { world, server } = await setup()
  const found = await estimateOf(world.dir, '--ask', '--sample', '60', '--max-usd', '1')
  const before = server.stats()
  expect(before.requests).toBeGreaterThanOrEqual(60)
  expect(found.lanes[0]!.history!.answers).toBe(60)
  const run = await cliJson<{ counts: { microUsd: number; asked: number; reused: number } }>(world.dir, [
    'run',
  ])
  const prompts = server.stats().billedPromptTokens - before.billedPromptTokens
  const answers = server.stats().billedAnswerTokens - before.billedAnswerTokens
  expect(Math.abs(found.tokens.mean / (prompts + answers) - 1)).toBeLessThan(0.1)
  expect(run.counts.microUsd).toBeGreaterThan(found.microUsd!.low * 0.9)
  expect(run.counts.microUsd).toBeLessThan(found.microUsd!.high * 1.1)
  expect(found.microUsd!.low).toBeLessThan(found.microUsd!.mean)
  expect(server.stats().billedAgain).toBe(0)
  expect(world.conservation()).toMatchObject({ todo: 0, difference: 0 })
}, 120_000)

test('a sample without a cap is refused before anything is sent', async () => {
  const { world, server } = await setup()
  const { exitCode, stderr } = await cli(world.dir, ['estimate', '--ask'])
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--max-usd')])
  expect((await cli(world.dir, ['estimate', '--max-usd', '1'])).exitCode).toBe(2)
  expect(server.stats().requests).toBe(0)
})

test('a sample stops at its cap, and says so', async () => {
  const { world, server } = await setup()
  const { exitCode, stdout } = await cli(world.dir, ['--json', 'estimate', '--ask', '--max-calls', '10'])
  expect(exitCode).toBe(4)
  const found = JSON.parse(stdout) as Estimate
  expect(server.stats().requests).toBe(10)
  expect(found.lanes[0]!.basis).toBe('history')
})

test('the run after a sample has a cap of its own', async () => {
  const { world } = await setup()
  await cli(world.dir, ['estimate', '--ask', '--sample', '5', '--max-calls', '20'])
  expect((await cli(world.dir, ['run', '--max-usd', '5'])).exitCode).toBe(0)
}, 120_000)

test('a model needs no key to be estimated', async () => {
  const { world } = await setup('')
  const { exitCode, stdout } = await cli(world.dir, ['--json', 'estimate', '--model', 'openai/gpt-5-mini'], {
    OPENAI_API_KEY: '',
  })
  expect(exitCode).toBe(0)
  const found = JSON.parse(stdout) as Estimate
  expect(found.prompts.counterKind).toBe('exact')
  expect(found.microUsd!.mean).toBeGreaterThan(0)
})

test('with the rules there is nothing to pay', async () => {
  const world = await plannedWorld({ facts: 120, shards: 1 })
  expect(await estimateOf(world.dir)).toMatchObject({ calls: 0, microUsd: { mean: 0 } })
})

test('limits of the settings tell the hours', async () => {
  const { world } = await setup(`${PRICE}[limits."sim/model-a"]\nrequestsPerMinute = 1\n`)
  const found = await estimateOf(world.dir)
  expect(found.hours).toBeCloseTo(found.calls / 60)
})

test('a dry run shows the cost of what it would plan', async () => {
  const world = openWorld()
  const file = factsFile(newFolder(), 200)
  const found = await cliJson<{ cost: { calls: number; microUsd: { mean: number } } }>(
    world.dir,
    ['plan', file, '--dry-run'],
    { RFF_MODELS__PRIMARY: 'openai/gpt-5-mini', OPENAI_API_KEY: '' },
  )
  expect(found.cost.calls).toBeGreaterThan(0)
  expect(found.cost.microUsd.mean).toBeGreaterThan(0)
  expect((await cli(join(world.dir), ['status'])).exitCode).toBe(0)
})

test('quantiles are those of the answers, however they are grouped', () => {
  const row = (answerTokens: number, answers: number) => ({
    lane: 'primary' as const,
    provider: 'sim',
    model: 'm',
    answerTokens,
    answers,
    promptTokens: answers * 10,
    cachedTokens: answers * 5,
  })
  // 100 × 19, 200 × 1 in two shards: the 19th and the 20th of 20 lie on either side of the 95th percentile.
  const sample = sampleFrom([row(100, 10), row(200, 1), row(100, 9)])!
  expect(sample).toMatchObject({
    answers: 20,
    meanTokens: 105,
    p50Tokens: 100,
    p95Tokens: 100,
    cachedShare: 0.5,
  })
  expect(sample.varianceTokens).toBeCloseTo((19 * 25 + 95 ** 2) / 19)
  expect(sampleFrom([])).toBeNull()
})
