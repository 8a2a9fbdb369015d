import { rmSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { runQueries } from '../../../db/queries/runs.ts'
import { configSchema } from '../../../schemas/config.ts'
import { nothingToDo } from '../../../src/control/run/nothing-to-do.ts'
import { run } from '../../../src/control/run/run.ts'
import { type HandMade, makeWorkspace, RUN_TAG, structureOfHeat } from '../../support/hand-made-workspace.ts'

let world: HandMade
afterEach(() => world.remove())

/** Every cluster is decided, and the run is closed. */
async function setup(): Promise<HandMade> {
  world = await makeWorkspace()
  world.accept('heat-1', structureOfHeat)
  const todo = ['light-1', 'ring-1']
  for (const seed of todo) world.setAside(seed, [{ code: 'json_invalid', at: '', message: 'no object' }])
  runQueries(world.workspace.control).close(world.runId, 1)
  return world
}

test('a run on a finished workspace says so under the name of the last one, and leaves no row of its own', async () => {
  const { workspace } = await setup()
  const options = {
    ...{ shardNos: null, limit: null, domain: null, isFresh: false, isNew: true, promptText: null, env: {} },
    caps: { microUsd: null, tokens: null, calls: null },
  }
  const summary = await run(workspace, configSchema.parse({}), options, () => 0)
  expect(summary).toMatchObject({ runTag: RUN_TAG, isClosed: true, stop: null, shards: [], todo: 0 })
  expect(runQueries(workspace.control).all()).toHaveLength(1)
})

test.each<[string, (world: HandMade) => void]>([
  [
    'a cluster is in the frontier',
    ({ change }) =>
      change('heat-1', (db) =>
        db.exec(
          "DELETE FROM done WHERE outcome = 'ok'; INSERT INTO frontier (seed_fact_id, cluster_id, key) SELECT seed_fact_id, cluster_id, key FROM clusters WHERE cluster_id NOT IN (SELECT cluster_id FROM done)",
        ),
      ),
  ],
  ['a request is under way', ({ send }) => void send('heat-1')],
  [
    'deltas are not written',
    ({ change }) => change('heat-1', (db) => db.exec('UPDATE structures SET materialised_version = NULL')),
  ],
  [
    'a run is open',
    ({ workspace }) => workspace.control.exec("UPDATE runs SET state = 'open', closed_at_ms = NULL"),
  ],
  ['a shard is missing', ({ workspace }) => rmSync(workspace.shardPath(0))],
])('there is something to do where %s', async (_, change) => {
  const world = await setup()
  expect(nothingToDo(world.workspace)).not.toBeNull()
  change(world)
  expect(nothingToDo(world.workspace)).toBeNull()
})
