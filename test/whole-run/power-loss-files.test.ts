/**
 * The power goes in a plan, a merge and an archive create: no file is half made, a field is published whole or not at all,
 * and nothing is gone without its record. How the states are made stands in test/support/disk.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { latestRecords } from '../../src/control/archive/archive-index.ts'
import { verifyArchives } from '../../src/control/archive/verify-archives.ts'
import { cliJson } from '../support/cli.ts'
import { fieldDigest, type World } from '../support/demo-world.ts'
import {
  auditDeeply,
  cutEverywhere,
  LIMIT_MS,
  notKept,
  openPlace,
  plannedPlace,
  record,
  tell,
} from '../support/disk/power-trial.ts'
import { canPreload } from '../support/preload/preload.ts'

const fieldTagIn = (dir: string): string => readFileSync(join(dir, 'field/_current/MERGED'), 'utf8').trim()

const shardPaths = (dir: string): string[] =>
  readdirSync(join(dir, 'shards'))
    .filter((name) => /^\d+\.sqlite$/.test(name))
    .sort()
    .map((name) => join(dir, 'shards', name))

/** The clusters of all shards with their facts. */
const clustersIn = (dir: string): unknown[][] =>
  shardPaths(dir).map((path) =>
    query(
      path,
      'SELECT c.*, m.* FROM clusters c JOIN cluster_members m USING (cluster_id) ORDER BY c.cluster_id, m.i',
    ),
  )

/** Each database is empty, or sound in every page. */
function brokenFiles(dir: string): string[] {
  if (!existsSync(dir)) return []
  const top = readdirSync(dir).filter((name) => name.endsWith('.sqlite'))
  const paths = [
    ...top.map((name) => join(dir, name)),
    ...(existsSync(join(dir, 'shards')) ? shardPaths(dir) : []),
  ]
  return paths
    .flatMap((path) => query(path, 'PRAGMA integrity_check').map((row) => `${path}: ${JSON.stringify(row)}`))
    .filter((line) => !line.endsWith('{"integrity_check":"ok"}'))
}

function query(path: string, sql: string): unknown[] {
  const db = new Database(path)
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}

/** Files of runs and fields that are neither in their place nor in a whole archive of the index. */
async function gone(dir: string, files: readonly (readonly [string, Buffer | null])[]): Promise<string[]> {
  const archives = join(dir, 'archives')
  const records = existsSync(join(archives, 'index.jsonl')) ? [...latestRecords(archives).values()] : []
  const verified = records.length === 0 ? [] : await verifyArchives(archives, [])
  const whole = verified.flatMap(({ record, failure }) =>
    failure === null ? [`rff/${record.original}/`] : [],
  )
  return files
    .filter(([path, bytes]) => {
      const there = join(dir, '..', path)
      const isInPlace = existsSync(there) && readFileSync(there).equals(bytes!)
      return !isInPlace && !whole.some((folder) => path.startsWith(folder))
    })
    .map(([path]) => `${path} is gone`)
}

const worldOf = (dir: string): World => ({ dir }) as World

describe.skipIf(!canPreload)('the power goes', () => {
  test(
    'in a merge: MERGED names the old field or the new one, whole, and the next merge publishes the same',
    async () => {
      const place = await plannedPlace()
      await cliJson(place.dir, ['run', '--limit', '4'])
      const first = await cliJson<{ fieldTag: string }>(place.dir, ['merge'])
      await cliJson(place.dir, ['run'])
      const { before, events } = await record(place, ['merge'])
      expect(notKept(before, events)).toEqual([])
      const merged = fieldDigest(worldOf(place.dir))
      const published = fieldTagIn(place.dir)
      const seen = new Set<string>()
      const found = await cutEverywhere({
        before,
        events,
        async judge(dir) {
          seen.add(fieldTagIn(dir))
          return auditDeeply(dir)
        },
        async resume(dir) {
          await cliJson(dir, ['merge'])
          return fieldDigest(worldOf(dir)) === merged ? [] : ['the next merge gave another field']
        },
      })
      tell('merge', found)
      expect(found.faults).toEqual([])
      expect([...seen].sort()).toEqual([first.fieldTag, published].sort())
      expect([found.dropped > 15, found.resumed > 0]).toEqual([true, true])
    },
    LIMIT_MS,
  )

  test(
    'in a plan: no file is half made, and the same plan again makes the same shards',
    async () => {
      const place = openPlace()
      rmSync(place.dir, { recursive: true })
      const args = ['plan', place.facts, '--shards', '2']
      const { before, events } = await record(place, args)
      expect(notKept(before, events)).toEqual([])
      const planned = clustersIn(place.dir)
      const found = await cutEverywhere({
        before,
        events,
        judge: async (dir) => brokenFiles(dir),
        async resume(dir) {
          await cliJson(dir, args)
          const isSame = JSON.stringify(clustersIn(dir)) === JSON.stringify(planned)
          return [...(isSame ? [] : ['other clusters than undisturbed']), ...(await auditDeeply(dir))]
        },
      })
      tell('plan', found)
      expect(found.faults).toEqual([])
      expect([found.dropped > 40, found.resumed > 0]).toEqual([true, true])
    },
    LIMIT_MS,
  )

  test(
    'in archive create: a folder is in its place, or in an archive that the index names',
    async () => {
      const place = await plannedPlace()
      for (const limit of ['4', '100000']) {
        await cliJson(place.dir, ['run', '--new', '--limit', limit])
        await cliJson(place.dir, ['merge'])
      }
      const { before, events } = await record(place, ['archive', 'create', '--keep', '1'])
      expect(notKept(before, events)).toEqual([])
      const files = [...before].filter(
        ([path, bytes]) => bytes !== null && /^rff\/(?:runs|field)\/\d/.test(path),
      )
      const names = (await cliJson<{ name: string }[]>(place.dir, ['archive', 'ls'])).map(({ name }) => name)
      expect(names).toHaveLength(2)
      const found = await cutEverywhere({
        before,
        events,
        judge: async (dir) => [...(await auditDeeply(dir)), ...(await gone(dir, files))],
        async resume(dir) {
          await cliJson(dir, ['archive', 'create', '--keep', '1'])
          for (const name of names) await cliJson(dir, ['archive', 'restore', name])
          return gone(dir, files)
        },
      })
      tell('archive', found)
      expect(found.faults).toEqual([])
      expect(found.dropped).toBeGreaterThan(10)
    },
    LIMIT_MS,
  )
})
