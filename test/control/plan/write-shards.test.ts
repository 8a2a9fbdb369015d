import { afterEach, expect, test } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import { shardQueries } from '../../../db/queries/shards.ts'
import { claimLease, shardScope } from '../../../src/control/lease.ts'
import { writeShards } from '../../../src/control/plan/write-shards.ts'
import { type HandMade, makeWorkspace } from '../../support/hand-made-workspace.ts'

const made: HandMade[] = []
afterEach(() => {
  for (const each of made.splice(0)) each.remove()
})

/** One shard of three clusters, filled at once. */
async function setup() {
  const world = await makeWorkspace({ shardCount: 1 })
  made.push(world)
  const { control, corpusPath, shardPath } = world.workspace
  const inShard = <T>(act: (db: Db) => T): T => {
    let found: T | undefined
    world.change('heat-1', (db) => {
      found = act(db)
    })
    return found as T
  }
  return {
    world,
    inShard,
    rows: () =>
      inShard((db) =>
        ['clusters', 'cluster_members', 'frontier', 'retired'].map((table) =>
          db.prepare(`SELECT * FROM ${table}`).all(),
        ),
      ),
    writeAgain() {
      const corpus = openDb(corpusPath, 'corpus', { mode: 'write' })
      const row = shardQueries(control).all()[0]!
      const lease = claimLease(control, shardScope(0), 0)
      try {
        const target = { row, path: shardPath(0), epoch: lease.epoch }
        return writeShards(corpus, { after: 0, through: 1 }, 'lineage', [target])
      } finally {
        lease.release()
        corpus.close()
      }
    },
  }
}

test('a file that is filled at once has what clusters written one by one make', async () => {
  const { world, inShard, rows, writeAgain } = await setup()
  const filled = rows()
  expect(filled.map((table) => table.length)).toEqual([3, 6, 3, 0])
  inShard((db) => db.prepare('DELETE FROM clusters WHERE cluster_id <> ?').run(world.clusterIdOf('ring-1')))
  expect(writeAgain()).toEqual({ written: 2, unchanged: 1, retired: 0 })
  expect(rows()).toEqual(filled)
})

test('writing again what is there changes nothing', async () => {
  const { rows, writeAgain } = await setup()
  const filled = rows()
  expect(writeAgain()).toEqual({ written: 0, unchanged: 3, retired: 0 })
  expect(rows()).toEqual(filled)
})

test('a cluster that a file is filled with is not retired any more', async () => {
  const { world, inShard, rows, writeAgain } = await setup()
  const filled = rows()
  inShard((db) => {
    db.exec('DELETE FROM clusters')
    db.prepare("INSERT INTO retired VALUES (?, 'seed removed')").run(world.clusterIdOf('heat-1'))
  })
  expect(writeAgain()).toMatchObject({ written: 3 })
  expect(rows()).toEqual(filled)
})
