/** `run --profile` and `merge --profile`, by the real command line against the simulated server. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Profile } from '../../schemas/profile.ts'
import { cli, cliJson } from '../support/cli.ts'
import { plannedWorld, useServer } from '../support/demo-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

interface RunJson {
  readonly runTag: string
  readonly counts: { readonly ok: number; readonly asked: number }
  readonly profile: Profile | null
}

async function setup() {
  const server = await startSimServer({ seed: 3, latency: { medianMs: 400, sigma: 0.1 } })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts: 60, shards: 2 })
  useServer(world, server.url)
  return world
}

test('a run says where its time went, and leaves the same beside its lines', async () => {
  const world = await setup()
  const { runTag, counts, profile } = await cliJson<RunJson>(world.dir, ['run', '--profile'])
  const written = readFileSync(join(world.dir, 'runs', runTag, 'profile.json'), 'utf8')
  expect(JSON.parse(written)).toEqual(profile)
  const { parts, waits, waitingForModelMs, statements, commits } = profile!
  expect(parts).toBe(2)
  // Lone clusters are asked of the rules, for which nobody waits.
  const sent = world.shardRows<{ n: number }>("SELECT count(*) AS n FROM attempts WHERE provider = 'sim'")
  expect(waits.find(({ name }) => name === 'answer')?.calls).toBe(sent.reduce((sum, { n }) => sum + n, 0))
  expect(waitingForModelMs).toBeGreaterThan(0)
  // Intent, answer and outcome of each cluster, in no more commits than that.
  expect(commits.entries).toBeGreaterThanOrEqual(3 * counts.ok)
  expect(commits.commits).toBeLessThan(commits.entries)
  expect(statements[0]!.calls).toBeGreaterThan(0)
}, 60_000)

test('people read it as a table, and nobody gets it unasked', async () => {
  const world = await setup()
  expect((await cliJson<RunJson>(world.dir, ['run', '--limit', '5'])).profile).toBeNull()
  const { stderr } = await cli(world.dir, ['run', '--profile'])
  expect(stderr).toMatch(/waiting for the model \d/)
  expect(stderr).toMatch(/µs +\d+\.\d % +PassC: judge/)
}, 60_000)

interface MergeJson {
  readonly fieldTag: string
  readonly profile: Profile | null
}

test('a merge says which passes and statements its time went to, and leaves the same beside the field', async () => {
  const world = await setup()
  await cliJson(world.dir, ['run'])
  const { fieldTag, profile } = await cliJson<MergeJson>(world.dir, ['merge', '--profile'])
  const written = readFileSync(join(world.dir, 'field', fieldTag, 'profile.json'), 'utf8')
  expect(JSON.parse(written)).toEqual(profile)
  const { ms, passes, statements } = profile!
  expect(passes.map(({ name }) => name).sort()).toEqual([
    'digest',
    'gather',
    'health of the field',
    'health of the runs',
    'link',
    'merge',
    'normalise',
    'score',
  ])
  expect(passes.reduce((sum, pass) => sum + pass.ms, 0)).toBeLessThanOrEqual(ms)
  expect(statements.some(({ name }) => name.startsWith('INSERT INTO members'))).toBe(true)
  const again = await cliJson<MergeJson>(world.dir, ['merge'])
  expect(again.profile).toBeNull()
}, 120_000)
