import { afterEach, expect, test } from 'vitest'
import { outcomeQueries } from '../../../db/queries/outcomes.ts'
import { shardMetaQueries } from '../../../db/queries/shard-meta.ts'
import { claimLease, shardScope } from '../../../src/control/lease.ts'
import { ALL_CASES as ALL, listCases } from '../../../src/control/quarantine/list-cases.ts'
import { retryCases } from '../../../src/control/quarantine/retry-cases.ts'
import { showCases } from '../../../src/control/quarantine/show-cases.ts'
import { status } from '../../../src/control/status/status.ts'
import { type HandMade, makeWorkspace } from '../../support/hand-made-workspace.ts'

let world: HandMade
afterEach(() => world.remove())

/** Every cluster is in quarantine: heat and light for JSON, the lone ring for a circle. */
async function setup(): Promise<HandMade> {
  world = await makeWorkspace()
  world.setAside('heat-1', [{ code: 'json_invalid', at: '', message: 'no object' }], 'I would rather not')
  world.setAside('light-1', [{ code: 'json_invalid', at: '', message: 'no object' }])
  world.setAside('ring-1', [
    { code: 'relation_cycle', at: 'relations', message: '0 → 1 → 0', relType: 'refines' },
  ])
  return world
}

test('cases of all shards come in the order of their keys', async () => {
  const { workspace } = await setup()
  const { cases } = listCases(workspace, ALL)
  const shardNos = cases.map(({ shardNo }) => shardNo)
  expect(cases).toHaveLength(3)
  expect(shardNos).toEqual([...shardNos].sort())
  expect(new Set(shardNos).size).toBe(2)
})

test.each([
  [{ code: 'json_invalid' }, 2],
  [{ code: 'relation_cycle' }, 1],
  [{ domain: 'Optics' }, 1],
  [{ state: 'corrected' }, 0],
  [{ signature: 'relation_cycle | refines | science/Rings' }, 1],
  [{ model: 'small' }, 3],
  [{ model: 'openai/small' }, 3],
  [{ model: 'small-2026' }, 3],
  [{ model: 'rules' }, 0],
  [{ limit: 2 }, 2],
] as const)('the filter %o leaves %d cases', async (filter, expected) => {
  const { workspace } = await setup()
  expect(listCases(workspace, { ...ALL, ...filter }).cases).toHaveLength(expected)
})

test('a case is shown with its facts, the answer word for word and what failed', async () => {
  const { workspace, clusterIdOf } = await setup()
  const [shown] = showCases(workspace, { ...ALL, clusterIds: [clusterIdOf('heat-1')] })
  expect(shown).toMatchObject({
    answer: 'I would rather not',
    quarantine: { findings: [{ code: 'json_invalid' }] },
  })
  expect(shown!.cluster.members.map(({ factId }) => factId)).toEqual(['heat-1', 'heat-2', 'heat-3'])
})

test('a retried case is back in the frontier and stays on the list, marked', async () => {
  const { workspace, clusterIdOf } = await setup()
  const clusterId = clusterIdOf('heat-1')
  expect(retryCases(workspace, { ...ALL, clusterIds: [clusterId] }, 0).clusterIds).toEqual([clusterId])
  expect(status(workspace).totals).toMatchObject({ seeds: 3, todo: 1, quarantined: 2, difference: 0 })
  expect(listCases(workspace, { ...ALL, clusterIds: [clusterId] }).cases[0]!.state).toBe('retried')
})

test('retrying twice changes nothing', async () => {
  const { workspace } = await setup()
  expect(retryCases(workspace, ALL, 0).clusterIds).toHaveLength(3)
  const before = status(workspace)
  expect(retryCases(workspace, ALL, 0).clusterIds).toHaveLength(0)
  expect(status(workspace)).toEqual(before)
})

test('a shard that somebody works on is left alone, and named', async () => {
  const { workspace, shardNoOf, change } = await setup()
  const shardNo = shardNoOf('heat-1')
  const lease = claimLease(workspace.control, shardScope(shardNo), 0)
  const { clusterIds, held } = retryCases(workspace, ALL, 0)
  expect(held).toEqual([expect.objectContaining({ shardNo, heldBy: expect.stringContaining('process') })])
  expect(clusterIds.length + held[0]!.cases).toBe(3)
  change('heat-1', (db) => expect(outcomeQueries(db).conservation().todo).toBe(0))
  lease.release()
})

test('a named cluster that is no case is an error, and nothing is retried', async () => {
  const { workspace, clusterIdOf } = await setup()
  const clusterIds = [clusterIdOf('heat-1'), clusterIdOf('nothing')]
  expect(() => retryCases(workspace, { ...ALL, clusterIds }, 0)).toThrow(
    expect.objectContaining({ code: 'not_found', message: expect.stringContaining(clusterIds[1]!) }),
  )
  expect(status(workspace).totals.todo).toBe(0)
})

test('after a retry the worker that slept through it may not write any more', async () => {
  const { workspace, change } = await setup()

  let epochBefore = 0
  change('heat-1', (db) => {
    epochBefore = shardMetaQueries(db).epoch()
  })
  retryCases(workspace, ALL, 0)
  change('heat-1', (db) => {
    expect(() => shardMetaQueries(db).expectEpoch(epochBefore)).toThrow(
      expect.objectContaining({ code: 'lease_lost' }),
    )
  })
})
