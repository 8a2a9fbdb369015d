/** Stored answers are used for ever, unless somebody asks anew: then the older ones stay on the books, superseded. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cli, cliJson } from '../support/cli.ts'
import { openWorld, plannedWorld, useServer } from '../support/demo-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

interface RunJson {
  readonly counts: { readonly asked: number; readonly reused: number; readonly ok: number }
}

test('clusters that come back find their answers stored; with --fresh they are asked anew', async () => {
  // Whatever is asked first is off the schema, and so is its repair.
  const script = [{ fault: 'off_schema', timesPerBody: 1 }] as const
  const server = await startSimServer({ seed: 4, script })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts: 60, shards: 1 })
  useServer(world, server.url, '', 30_000)
  await cli(world.dir, ['run'])
  const { quarantined } = world.conservation()
  expect(quarantined).toBeGreaterThan(0)
  const billed = server.stats().billed

  await cliJson(world.dir, ['quarantine', 'retry'])
  const again = await cliJson<RunJson>(world.dir, ['run'])
  expect(again.counts).toMatchObject({ asked: 0, ok: 0 })
  expect(server.stats().billed).toBe(billed)

  await cliJson(world.dir, ['quarantine', 'retry'])
  const fresh = await cliJson<RunJson>(world.dir, ['run', '--fresh'])
  expect(fresh.counts).toMatchObject({ asked: quarantined, reused: 0, ok: quarantined })
  expect(server.stats().billed).toBe(billed + quarantined)
  const [answers] = world.shardRows<{ stored: number; superseded: number }>(
    "SELECT count(*) AS stored, sum(superseded) AS superseded FROM answers JOIN attempts USING (attempt_id) WHERE provider = 'sim'",
  )
  expect(answers).toEqual({ stored: billed + quarantined, superseded: 2 * quarantined })
  expect(world.conservation()).toMatchObject({ quarantined: 0, difference: 0 })
}, 300_000)

test('clusters with the same texts are asked anew once, and not served what another was answered before', async () => {
  const script = [{ fault: 'off_schema', timesPerBody: 1 }] as const
  const server = await startSimServer({ seed: 4, script })
  onTestFinished(() => server.close())
  const world = openWorld()
  mkdirSync(world.dir, { recursive: true })
  const lines = Array.from({ length: 120 }, (_, n) =>
    JSON.stringify({ fact_id: `f${n}`, text: 'A quokka is a small wallaby.' }),
  )
  const file = join(world.dir, 'same.jsonl')
  writeFileSync(file, lines.join('\n'))
  await cliJson(world.dir, ['plan', file, '--shards', '1'])
  // One after the other, so that the first is asked while the answers of the others still stand.
  useServer(world, server.url, 'inFlight = 1', 30_000)
  await cli(world.dir, ['run'])
  const { quarantined } = world.conservation()
  expect(quarantined).toBeGreaterThan(1)

  await cliJson(world.dir, ['quarantine', 'retry'])
  const fresh = await cliJson<RunJson>(world.dir, ['run', '--fresh'])
  const [{ questions }] = world.shardRows<{ questions: number }>(
    "SELECT count(DISTINCT request_key) AS questions FROM attempts WHERE lane = 'primary' AND provider = 'sim'",
  ) as [{ questions: number }]
  expect(questions).toBeLessThan(quarantined)
  const reused = quarantined - questions
  expect(fresh.counts).toMatchObject({ asked: questions, reused, ok: quarantined })
}, 60_000)
