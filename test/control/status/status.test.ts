import { copyFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { shardMetaQueries } from '../../../db/queries/shard-meta.ts'
import { shardQueries } from '../../../db/queries/shards.ts'
import { openShard } from '../../../shards/lifecycle.ts'
import { claimLease, shardScope } from '../../../src/control/lease.ts'
import { status } from '../../../src/control/status/status.ts'
import { type HandMade, makeWorkspace, structureOfHeat } from '../../support/hand-made-workspace.ts'

let world: HandMade
afterEach(() => world.remove())

async function setup(): Promise<HandMade> {
  world = await makeWorkspace()
  return world
}

test('every seed stands in exactly one column, in each shard and in all', async () => {
  const { workspace, accept, setAside } = await setup()
  accept('heat-1', structureOfHeat)
  setAside('light-1', [{ code: 'json_invalid', at: '', message: 'no object' }])
  const { shards, totals } = status(workspace)
  expect(totals).toMatchObject({ seeds: 3, todo: 1, ok: 1, quarantined: 1, difference: 0 })
  for (const { census } of shards) expect(census!.todo + census!.ok + census!.quarantined).toBe(census!.seeds)
})

test('what is in flight counts at its worst case', async () => {
  const { workspace, send, accept } = await setup()
  accept('heat-1', structureOfHeat)
  send('light-1', 700)
  expect(status(workspace).totals).toMatchObject({ openAttempts: 1, microUsd: 300 + 700 })
})

test('the holder of a shard is named, and nobody is after the release', async () => {
  const { workspace } = await setup()
  const lease = claimLease(workspace.control, shardScope(1), 0)
  expect(status(workspace).shards.map(({ holder }) => holder)).toEqual([
    null,
    expect.stringContaining(`process ${process.pid}`),
  ])
  lease.release()
  expect(status(workspace).shards.every(({ holder }) => holder === null)).toBe(true)
})

test('a holder whose process is gone is told apart from one that works', async () => {
  const { workspace } = await setup()
  const lease = claimLease(workspace.control, shardScope(0), 0)
  expect(status(workspace).shards[0]!.isHolderAlive).toBe(true)
  // Processes come and go, but none began at the same moment as this one under the number of the first.
  workspace.control.exec("UPDATE leases SET pid_started = 'long ago' WHERE holder IS NOT NULL")
  expect(status(workspace).shards[0]).toMatchObject({ isHolderAlive: false, holder: expect.any(String) })
  lease.release()
})

test('a shard that a worker is writing to is read all the same', async () => {
  const { workspace, shardNoOf } = await setup()
  const row = shardQueries(workspace.control).all()[shardNoOf('heat-1')]!
  const db = openShard(workspace.shardPath(row.shardNo), { ...row, lineage: 'lineage' }, 'write')
  db.exec('BEGIN IMMEDIATE')
  shardMetaQueries(db).setPlanNo(99)
  expect(status(workspace)).toMatchObject({ unreadableShards: 0, totals: { seeds: 3 } })
  db.exec('ROLLBACK')
  db.close()
})

test.each([
  ['missing', (path: string) => rmSync(path), 'shard_missing'],
  ['no database', (path: string) => writeFileSync(path, 'x'.repeat(8_192)), 'shard_damaged'],
  ['cut off', (path: string) => truncateSync(path, 4_096), 'shard_damaged'],
])('a shard file that is %s is a row of its own and hides no other', async (_, spoil, code) => {
  const { workspace } = await setup()
  for (const end of ['-wal', '-shm']) rmSync(workspace.shardPath(0) + end, { force: true })
  spoil(workspace.shardPath(0))
  const found = status(workspace)
  expect(found.shards.map(({ trouble }) => trouble?.code ?? null)).toEqual([code, null])
  expect(found.unreadableShards).toBe(1)
})

test('the file of another shard in the place of one is refused, not counted', async () => {
  const { workspace } = await setup()
  copyFileSync(workspace.shardPath(1), workspace.shardPath(0))
  expect(status(workspace).shards[0]!.trouble).toMatchObject({
    code: 'plan_mismatch',
    message: expect.stringContaining('shard 1'),
  })
})

test('a workspace without a plan has no shards and no run, and says so', async () => {
  const { workspace } = await setup()
  workspace.control.exec('DELETE FROM runs; DELETE FROM plans; DELETE FROM meta; DELETE FROM shards')
  expect(status(workspace)).toMatchObject({ plan: null, run: null, field: null, shards: [] })
})
