import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import { shareLimits } from '../../../src/control/limits/share-limits.ts'
import { newFolder } from '../../support/folder.ts'

const HOUR_MS = 3_600_000

function setup() {
  const path = join(newFolder(), 'control.sqlite')
  const open = (mode: 'create' | 'write'): Db => {
    const db = openDb(path, 'control', { mode })
    onTestFinished(() => void db.close())
    return db
  }
  open('create')
  const clock = { ms: HOUR_MS }
  /** A process of this machine, with a connection of its own. */
  const process = (pid: number, limitIds: readonly string[], pidStarted = `boot ${pid}`) => {
    const shares: Record<string, number> = {}
    const limits = limitIds.map((limitId) => ({
      limitId,
      setShare: (share: number) => {
        shares[limitId] = share
      },
    }))
    const holder = { machine: 'here', pid, pidStarted }
    return { shares, ...shareLimits(open('write'), holder, limits, () => clock.ms) }
  }
  return { clock, process }
}

test('one that is alone has the whole limit', () => {
  const { process } = setup()
  const alone = process(1, ['a'])
  alone.renew()
  expect(alone.shares).toEqual({ a: 1 })
})

test('a limit is shared equally by those who use it, and by nobody else', () => {
  const { process } = setup()
  const all = [process(1, ['a', 'b']), process(2, ['a']), process(3, ['a'])]
  for (const one of all) one.renew()
  for (const one of all) one.renew()
  expect(all.map(({ shares }) => shares)).toEqual([{ a: 1 / 3, b: 1 }, { a: 1 / 3 }, { a: 1 / 3 }])
})

test('the slice of one that died lapses, and the others have its share', () => {
  const { clock, process } = setup()
  const [living, dead] = [process(1, ['a']), process(2, ['a'])]
  for (const one of [living, dead, living]) one.renew()
  expect(living.shares).toEqual({ a: 1 / 2 })
  clock.ms += 4_000
  living.renew()
  expect(living.shares).toEqual({ a: 1 / 2 })
  clock.ms += 1_500
  living.renew()
  expect(living.shares).toEqual({ a: 1 })
})

test('one that ends gives its share back at once', () => {
  const { process } = setup()
  const [stays, ends] = [process(1, ['a']), process(2, ['a'])]
  ends.renew()
  stays.renew()
  ends.release()
  stays.renew()
  expect(stays.shares).toEqual({ a: 1 })
})

test('a slice from before the machine was started again is nobody', () => {
  const { clock, process } = setup()
  process(1, ['a'], 'earlier boot').renew()
  clock.ms = 60_000
  const now = process(1, ['a'], 'this boot')
  now.renew()
  expect(now.shares).toEqual({ a: 1 })
})
