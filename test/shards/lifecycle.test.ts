import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openDb } from '../../db/open.ts'
import { type ShardMeta, shardMetaQueries } from '../../db/queries/shard-meta.ts'
import { createShard, openShard, seal } from '../../shards/lifecycle.ts'
import { newFolder } from '../support/folder.ts'
import { callsToTry, countCalls, dieAt } from '../support/preload/die-at.ts'
import { canPreload } from '../support/preload/preload.ts'

const META: ShardMeta = { lineage: 'one', shardNo: 3, keyFirst: -5n, keyLast: 2n ** 63n - 1n }
const OTHER: ShardMeta = { ...META, lineage: 'two' }

function setup() {
  const dir = newFolder()
  return { dir, path: join(dir, '0003.sqlite'), temporary: join(dir, '0003.sqlite.new') }
}

/** The file is there, is the one that is meant, and nothing lies beside it. */
function expectMade(dir: string): void {
  const path = join(dir, '0003.sqlite')
  const db = createShard(path, META)
  expect(shardMetaQueries(db).identity()).toEqual(META)
  seal(db)
  expect(readdirSync(dir)).toEqual(['0003.sqlite'])
}

/** Leaves the files of an open database as a process that dies leaves them. */
function leaveBehind(from: string, path: string, names: readonly string[]): void {
  for (const name of names) copyFileSync(from + name, path + name)
}

describe('a birth that was cut short is begun anew, whatever it left:', () => {
  test('an empty file', () => {
    const { dir, temporary } = setup()
    writeFileSync(temporary, '')
    expectMade(dir)
  })

  test('a file with its schema in the write-ahead log, and without an identity', () => {
    const { dir, path, temporary } = setup()
    const made = openDb(join(newFolder(), 'other.sqlite'), 'shard', { mode: 'create' })
    leaveBehind(made.name, temporary, ['', '-wal', '-shm'])
    made.close()
    expectMade(dir)
    expect(existsSync(path)).toBe(true)
  })

  test('a write-ahead log alone, of another file', () => {
    const { dir, temporary } = setup()
    const made = openDb(join(newFolder(), 'other.sqlite'), 'shard', { mode: 'create' })
    leaveBehind(made.name, temporary, ['-wal'])
    made.close()
    expectMade(dir)
  })

  test('a torn page in a rollback journal', () => {
    const { dir, temporary } = setup()
    writeFileSync(temporary, 'SQLite format 3\0 and then nothing')
    writeFileSync(`${temporary}-journal`, 'half a journal')
    expectMade(dir)
  })

  test('a whole file that has not got its name yet, even of another plan', () => {
    const { dir, path, temporary } = setup()
    seal(createShard(path, OTHER))
    renameSync(path, temporary)
    expectMade(dir)
  })
})

describe('a file that has the name is never written over:', () => {
  const refuse = (path: string, told: RegExp): void => {
    const before = readFileSync(path)
    expect(() => createShard(path, META)).toThrow(told)
    expect(readFileSync(path)).toEqual(before)
  }

  test('one of another plan', () => {
    const { path } = setup()
    seal(createShard(path, OTHER))
    refuse(path, /says it is shard 3 .* of plan two, expected shard 3 .* of plan one/)
  })

  test('one that does not say which shard it is', () => {
    const { path } = setup()
    seal(openDb(path, 'shard', { mode: 'create' }))
    refuse(path, /does not say which shard it is/)
  })

  test('an empty one, which may have been cut off', () => {
    const { path } = setup()
    writeFileSync(path, '')
    refuse(path, /is not a sound shard file: it is empty/)
  })

  test('a database of somebody else, whose journal stays as it was', () => {
    const { path } = setup()
    const theirs = new Database(path)
    theirs.exec('CREATE TABLE theirs (x)')
    theirs.close()
    refuse(path, /is not a shard file of rff-shard/)
  })
})

const CHILD = fileURLToPath(new URL('./create-and-exit.mjs', import.meta.url))

test.skipIf(!canPreload)(
  'a process that dies at any change of a file leaves the whole shard, or none of that name',
  async () => {
    const meta = JSON.stringify(META, (_, value) => (typeof value === 'bigint' ? String(value) : value))
    const createIn = (path: string, env: Record<string, string>) =>
      spawnSync(process.execPath, [CHILD, path, meta], { env: { ...process.env, ...env } })
    const count = await countCalls('0003.sqlite', (env) => createIn(setup().path, env))
    expect(count).toBeGreaterThan(20)
    for (const call of callsToTry(count, 12)) {
      const { dir, path } = setup()
      expect(createIn(path, dieAt('0003.sqlite', call)).signal, `call ${call} of ${count}`).toBe('SIGKILL')
      if (existsSync(path)) openShard(path, META, 'read').close()
      expectMade(dir)
    }
  },
  120_000,
)
