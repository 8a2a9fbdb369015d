import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openDb } from '../../db/open.ts'
import { controlGrantQueries } from '../../db/queries/control-grants.ts'
import { planQueries } from '../../db/queries/plans.ts'
import { runQueries } from '../../db/queries/runs.ts'
import { shardGrantQueries } from '../../db/queries/shard-grants.ts'
import { shardQueries } from '../../db/queries/shards.ts'
import type { Caps, Cost } from '../../schemas/budget.ts'
import { commitGroup } from '../../src/runner/commit-group.ts'
import { openPurse } from '../../src/runner/purse.ts'
import { newFolder } from '../support/folder.ts'

const usd = (microUsd: number): Cost => ({ microUsd, tokens: 0, calls: 0 })
const capped = (microUsd: number): Caps => ({ microUsd, tokens: null, calls: null })

function setup(caps: Caps, shardCount = 1) {
  const dir = newFolder()
  const control = openDb(join(dir, 'control.sqlite'), 'control', { mode: 'create' })
  planQueries(control).begin({ digest: 'd', settings: '{}', nowMs: 0 })
  const runId = runQueries(control).begin({
    runTag: 't',
    planNo: 1,
    task: 'structure',
    settings: '{}',
    nowMs: 0,
  })
  const host = controlGrantQueries(control)
  host.setCaps(runId, caps)
  const shards = Array.from({ length: shardCount }, (_, shardNo) => {
    shardQueries(control).insert({ shardNo, keyFirst: BigInt(shardNo), keyLast: BigInt(shardNo) })
    const db = openDb(join(dir, `${shardNo}.sqlite`), 'shard', { mode: 'create' })
    const grants = shardGrantQueries(db)
    const open = () =>
      openPurse({
        runId,
        caps,
        grants,
        commits: commitGroup(db, () => undefined),
        askHost: (need) => Promise.resolve(host.issue(runId, shardNo, need)),
      })
    return { db, grants, open, giveBack: () => host.credit(grants.giveBack(runId)) }
  })
  return { runId, host, shards }
}

test('without a cap everything may be sent and nothing is asked for', async () => {
  const { shards, host, runId } = setup({ microUsd: null, tokens: null, calls: null })
  expect(await shards[0]!.open().reserve(usd(1e12))).toBe(true)
  expect(host.granted(runId)).toEqual(usd(0))
})

test('the worst cases that are out never exceed the cap', async () => {
  const { shards, host, runId } = setup(capped(1_000))
  const purse = shards[0]!.open()
  for (let n = 0; n < 10; n += 1) expect(await purse.reserve(usd(100))).toBe(true)
  const eleventh = purse.reserve(usd(100))
  expect(host.granted(runId).microUsd).toBe(1_000)
  purse.settle(usd(100), usd(10)) // 90 come back: still not enough for 100
  purse.settle(usd(100), usd(10))
  expect(await eleventh).toBe(true)
})

test('it is spent once nothing in flight could make room', async () => {
  const { shards } = setup(capped(150))
  const purse = shards[0]!.open()
  expect(await purse.reserve(usd(100))).toBe(true)
  const second = purse.reserve(usd(100))
  purse.settle(usd(100), usd(100))
  expect(await second).toBe(false)
})

test('what a shard did not need goes to another one', async () => {
  const { shards, host, runId } = setup(capped(100), 2)
  const [first, second] = shards
  expect(await first!.open().reserve(usd(100))).toBe(true)
  expect(await second!.open().reserve(usd(50))).toBe(false)
  first!.giveBack() // its attempt was never booked in the file, so nothing was used
  expect(host.granted(runId).microUsd).toBe(0)
  expect(await second!.open().reserve(usd(50))).toBe(true)
})

test('a return that is credited twice is one', async () => {
  const { shards, host, runId } = setup(capped(100))
  await shards[0]!.open().reserve(usd(40))
  shards[0]!.giveBack()
  shards[0]!.giveBack()
  expect(host.granted(runId).microUsd).toBe(0)
})

test('grants over all shards never exceed the cap, whatever is asked for in whatever order', () => {
  const asks = fc.array(fc.record({ shard: fc.nat(3), microUsd: fc.integer({ min: 1, max: 400 }) }), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000 }), asks, (cap, list) => {
      const { host, runId } = setup(capped(cap), 4)
      for (const { shard, microUsd } of list) {
        const grant = host.issue(runId, shard, usd(microUsd))
        if (grant !== null) expect(grant.microUsd).toBeGreaterThanOrEqual(microUsd)
        expect(host.granted(runId).microUsd).toBeLessThanOrEqual(cap)
      }
    }),
    { numRuns: 25 },
  )
})
