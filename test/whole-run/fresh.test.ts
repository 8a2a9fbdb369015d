/** Stored answers are used for ever, unless somebody asks anew: then the older ones stay on the books, superseded. */
import { expect, onTestFinished, test } from 'vitest'
import { cli, cliJson } from '../support/cli.ts'
import { plannedWorld, useServer } from '../support/demo-world.ts'
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
  useServer(world, server.url)
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
