/** The expensive lane's share is of the whole run: neither a shard nor a thread has one of its own. */
import { expect, onTestFinished, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { plannedWorld, useServer, type World } from '../support/demo-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const SHARE = 0.1

/** Nothing of model-a is good, so every cluster that is asked about waits for the sweep. */
async function sweptWorld(shards: number): Promise<World> {
  const server = await startSimServer({ seed: 8, script: [{ fault: 'off_schema', model: 'model-a' }] })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts: 160, shards })
  useServer(world, server.url, `threads = 2\n[structure]\nexpensiveMaxShare = ${SHARE}`, 30_000)
  const { exitCode } = await cli(world.dir, ['run', '--expensive-model', 'sim/model-b'])
  expect(exitCode).toBe(0)
  return world
}

const expensiveSeeds = (world: World): string[] =>
  world
    .shardRows<{ seed: string }>(
      "SELECT DISTINCT seed_fact_id AS seed FROM attempts JOIN clusters USING (cluster_id) WHERE lane = 'expensive'",
    )
    .map(({ seed }) => seed)
    .sort()

test('one shard and four give the expensive lane the same clusters, and no more than its share of all', async () => {
  const [one, four] = await Promise.all([sweptWorld(1), sweptWorld(4)])
  const { seeds, todo } = four.conservation()
  const given = expensiveSeeds(four)
  expect(todo).toBe(0)
  expect(given).toHaveLength(Math.floor(SHARE * seeds))
  expect(given).toEqual(expensiveSeeds(one))
  // Counted shard by shard, the parts that are cut off would be missing.
  const perShard = four.shardRows<{ n: number }>('SELECT count(*) AS n FROM clusters')
  expect(perShard.reduce((sum, { n }) => sum + Math.floor(SHARE * n), 0)).toBeLessThan(given.length)
}, 120_000)
