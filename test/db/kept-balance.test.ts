import { afterEach, expect, test } from 'vitest'
import type { Db } from '../../db/open.ts'
import { keepBalance, shardBalance, shardCensus } from '../../db/queries/kept-balance.ts'
import { countUse } from '../../db/queries/run-use.ts'
import { countCensus } from '../../db/queries/shard-census.ts'
import { BALANCE_KEY, shardMetaQueries } from '../../db/queries/shard-meta.ts'
import { audit } from '../../src/control/audit/audit.ts'
import { changeShard } from '../../src/control/change-shard.ts'
import { status } from '../../src/control/status/status.ts'
import { shardsOf } from '../../src/control/status/visit-shards.ts'
import { type HandMade, makeWorkspace, structureOfHeat } from '../support/hand-made-workspace.ts'

let world: HandMade
afterEach(() => world.remove())

/** Two outcomes, a request under way, money. */
async function setup(): Promise<HandMade> {
  world = await makeWorkspace({ shardCount: 1 })
  world.accept('heat-1', structureOfHeat)
  world.setAside('light-1', [{ code: 'json_invalid', at: '', message: 'no object' }])
  world.send('heat-1', 700)
  return world
}

const keptIn = (db: Db): unknown =>
  db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(BALANCE_KEY)

const within = <T>({ change }: HandMade, read: (db: Db) => T): T => {
  let found!: T
  change('heat-1', (db) => {
    found = read(db)
  })
  return found
}

const always = (): void => undefined

async function faults({ workspace }: HandMade): Promise<string[]> {
  const { checks } = await audit(workspace, { isDeep: false })
  return checks.flatMap(({ name, passed, skipped }) => (passed || skipped !== null ? [] : [name]))
}

test('what was counted is what the views say', async () => {
  const world = await setup()
  within(world, (db) => {
    const { difference, ...law } = db.prepare('SELECT * FROM audit_conservation').get() as Record<
      string,
      number
    >
    const microUsd = db.prepare('SELECT sum(micro_usd) FROM audit_spend').pluck().get()
    const answers = db.prepare('SELECT count(*) FROM answers').pluck().get()
    expect(countCensus(db)).toEqual({
      ...law,
      difference,
      sweep: 0,
      openAttempts: 1,
      answers,
      microUsd,
      unmaterialised: 0,
    })
  })
})

test('a kept balance is read instead of the rows', async () => {
  const world = await setup()
  within(world, (db) => {
    const counted = { census: countCensus(db), use: countUse(db) }
    keepBalance(db, always)
    db.exec("DELETE FROM attempts WHERE state = 'sent'") // as no writer does
    expect(shardBalance(db)).toEqual(counted)
    expect(shardCensus(db)).toEqual(counted.census)
  })
})

test('whoever takes the shard over leaves no balance behind, also under the epoch that kept it', async () => {
  const world = await setup()
  within(world, (db) => {
    const meta = shardMetaQueries(db)
    keepBalance(db, always)
    meta.takeOver(meta.epoch())
    expect(keptIn(db)).toBeUndefined()
    world.send('light-1', 50)
    expect(shardCensus(db)).toEqual(countCensus(db))
  })
})

test('a writer whose lease is lost keeps nothing', async () => {
  const world = await setup()
  within(world, (db) => {
    const meta = shardMetaQueries(db)
    const mine = meta.epoch()
    meta.takeOver(mine + 1)
    expect(() => keepBalance(db, () => meta.expectEpoch(mine))).toThrowError(/epoch/)
    expect(keptIn(db)).toBeUndefined()
  })
})

test('figures of another shape are counted anew', async () => {
  const world = await setup()
  within(world, (db) => {
    db.prepare('INSERT INTO meta VALUES (?, ?)').run(BALANCE_KEY, '{"census":{"seeds":1},"use":[]}')
    expect(shardCensus(db)).toEqual(countCensus(db))
  })
})

test('a change from the host ends with a balance of what it changed', async () => {
  const world = await setup()
  const { workspace } = world
  changeShard(workspace, shardsOf(workspace)[0]!, 0, (db, guard) => {
    guard()
    db.exec("DELETE FROM attempts WHERE state = 'sent'")
  })
  expect(status(workspace).totals).toMatchObject({ openAttempts: 0, microUsd: 600 })
  expect(await faults(world)).not.toContain('kept_balance_is_true')
})

test.each(['todo', 'answers', 'microUsd', 'openAttempts'])(
  'audit finds a kept balance whose %s is not that of the rows',
  async (figure) => {
    const world = await setup()
    within(world, (db) => {
      keepBalance(db, always)
      db.prepare(`UPDATE meta SET value = json_set(value, '$.census.${figure}', 77) WHERE key = ?`).run(
        BALANCE_KEY,
      )
    })
    expect(await faults(world)).toContain('kept_balance_is_true')
  },
)

test('audit finds a kept use of a run that is not that of the rows', async () => {
  const world = await setup()
  within(world, (db) => {
    keepBalance(db, always)
    db.prepare("UPDATE meta SET value = json_set(value, '$.use[0].calls', 77) WHERE key = ?").run(BALANCE_KEY)
  })
  expect(await faults(world)).toContain('kept_balance_is_true')
})
