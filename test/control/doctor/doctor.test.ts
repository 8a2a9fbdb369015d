/** What a doctor says of a workspace that is well, and of each thing that can be wrong with it. */
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import type { Check } from '../../../src/control/doctor/check.ts'
import { checkNode } from '../../../src/control/doctor/check-runtime.ts'
import { cli } from '../../support/cli.ts'
import { openWorld, plannedWorld, useServer, type World } from '../../support/demo-world.ts'
import type { SimOptions } from '../../support/sim-server/script.ts'
import { startSimServer } from '../../support/sim-server/server.ts'

async function doctor(world: World, args: readonly string[] = [], env: Record<string, string> = {}) {
  const { exitCode, stdout } = await cli(world.dir, ['--json', 'doctor', ...args], env)
  const { checks } = JSON.parse(stdout) as { checks: Check[] }
  return { exitCode, checks, named: (name: string) => checks.find((check) => check.name === name) }
}

async function setup(options: SimOptions = {}, more = '') {
  const server = await startSimServer({ seed: 2, ...options })
  onTestFinished(() => server.close())
  const world = openWorld()
  mkdirSync(world.dir, { recursive: true })
  useServer(world, server.url, more)
  return { world, server }
}

const PRICE = '[prices."sim/model-a"]\ninputUsdPerMillion = 2\noutputUsdPerMillion = 8\n'

test('before anything is planned all is well but the workspace that is not there', async () => {
  const { exitCode, checks, named } = await doctor(openWorld())
  expect(exitCode).toBe(0)
  expect(named('workspace')?.state).toBe('warn')
  expect(named('rules')?.state).toBe('ok')
  expect(checks.filter(({ state }) => state === 'fail')).toEqual([])
})

test('nobody is asked without --ask, and each model once with it', async () => {
  const { world, server } = await setup({}, PRICE)
  expect((await doctor(world)).named('sim/model-a')?.state).toBe('ok')
  expect(server.stats().requests).toBe(0)
  const { named, exitCode } = await doctor(world, ['--ask'])
  expect(server.stats().requests).toBe(1)
  expect(exitCode).toBe(0)
  expect(named('sim/model-a asked')).toMatchObject({ state: 'ok' })
  expect(named('sim/model-a asked')?.found).toMatch(/schema kept; answer limit kept; answer valid/)
  expect(named('sim/model-a asked')?.found).toContain('$0.00')
})

test.each([
  ['off_schema', 'warn', /schema not kept/],
  ['unauthorised', 'fail', /provider_unauthorised/],
  ['model_unknown', 'fail', /provider_model_unknown/],
  ['no_usage', 'ok', /no usage/],
] as const)('a model that answers with %s is told as %s', async (fault, state, said) => {
  const { world } = await setup({ faults: { [fault]: 1 } }, PRICE)
  const { named, exitCode } = await doctor(world, ['--ask'])
  expect(named('sim/model-a asked')).toMatchObject({ state, found: expect.stringMatching(said) })
  expect(exitCode).toBe(state === 'fail' ? 2 : 0)
})

test('the model of embeddings is asked for one vector with --ask, and for none without', async () => {
  const { world, server } = await setup()
  const settings = readFileSync(join(world.dir, 'rff.toml'), 'utf8')
  const price = '[prices."sim/embedder"]\ninputUsdPerMillion = 2\noutputUsdPerMillion = 0\n'
  const use = (more: string): void =>
    writeFileSync(
      join(world.dir, 'rff.toml'),
      `${settings}${price}[embeddings]\nmodel = "sim/embedder"\n${more}`,
    )
  use('')
  expect((await doctor(world)).named('sim/embedder')).toMatchObject({ about: 'embeddings', state: 'ok' })
  expect(server.stats().embeddingRequests).toBe(0)
  const { named } = await doctor(world, ['--ask'])
  expect(named('sqlite-vec')?.state).toBe('ok')
  const { state, found } = named('sim/embedder asked')!
  expect([state, found]).toEqual([
    'ok',
    expect.stringMatching(/; \d+ numbers a vector; \d+ tokens, \$0\.0000\d\d$/),
  ])
  expect(server.stats().embeddingRequests).toBe(1)
})

test.each([
  ['sim/none', 'fail', /provider_error|provider_model_unknown|provider_unauthorised/],
  ['rules', 'fail', /usage: rules makes no vectors/],
  ['openai/text-embedding-3-small', 'fail', /provider_key_missing: .*OPENAI_API_KEY/],
] as const)('a model of embeddings that cannot answer (%s) is told', async (model, state, said) => {
  const { world } = await setup({ key: 'right' })
  const settings = readFileSync(join(world.dir, 'rff.toml'), 'utf8')
  writeFileSync(join(world.dir, 'rff.toml'), `${settings}[embeddings]\nmodel = "${model}"\n`)
  const { checks, exitCode } = await doctor(world, ['--ask'], { OPENAI_API_KEY: '' })
  const told = checks.filter((check) => check.about === 'embeddings' && check.state === state)
  expect(told.map(({ found }) => found)).toEqual(expect.arrayContaining([expect.stringMatching(said)]))
  expect(exitCode).toBe(2)
})

test('a key that is missing is told by the name of its variable, and a key that is there is not shown', async () => {
  const world = openWorld()
  const env = { RFF_MODELS__PRIMARY: 'openai/gpt-5-mini' }
  const missing = await doctor(world, [], { ...env, OPENAI_API_KEY: '' })
  expect(missing.exitCode).toBe(2)
  expect(missing.named('openai/gpt-5-mini')).toMatchObject({
    state: 'fail',
    found: expect.stringContaining('OPENAI_API_KEY'),
  })
  const there = await doctor(world, [], { ...env, OPENAI_API_KEY: 'sk-very-secret' })
  expect(there.named('openai/gpt-5-mini')?.state).toBe('ok')
  expect(JSON.stringify(there.checks)).not.toContain('very-secret')
})

test('settings that are wrong are a finding, and the rest is still looked at', async () => {
  const world = openWorld()
  mkdirSync(world.dir, { recursive: true })
  writeFileSync(join(world.dir, 'rff.toml'), '[run]\nthread = 2\n')
  const { exitCode, named } = await doctor(world)
  expect(exitCode).toBe(2)
  expect(named('settings')).toMatchObject({
    state: 'fail',
    found: expect.stringContaining('did you mean threads?'),
  })
  expect(named('node')?.state).toBe('ok')
})

test('a shard that is cut off and a lease of the dead are told', async () => {
  const world = await plannedWorld({ facts: 60, shards: 2 })
  expect((await doctor(world)).exitCode).toBe(0)
  truncateSync(join(world.dir, 'shards/0001.sqlite'), 5_000)
  const control = new Database(join(world.dir, 'control.sqlite'))
  control
    .prepare(
      "UPDATE leases SET holder = 'a dead process', pid = 4194303, pid_started = '1' WHERE scope = 'plan'",
    )
    .run()
  const hadPlan = control.prepare("SELECT 1 FROM leases WHERE scope = 'plan'").get() !== undefined
  control.close()
  const { exitCode, named } = await doctor(world)
  expect(exitCode).toBe(2)
  expect(named('shard 1')?.state).toBe('fail')
  expect(hadPlan).toBe(true)
  expect(named('plan')).toMatchObject({ state: 'warn', found: expect.stringContaining('gone') })
})

test('an old Node is told before something else breaks', () => {
  expect(checkNode('20.19.0').state).toBe('ok')
  expect(checkNode('22.1.0').state).toBe('ok')
  expect(checkNode('20.18.3').state).toBe('fail')
  expect(checkNode('18.20.0').state).toBe('fail')
})
