/** The life of a shard file: created by a plan, opened by whoever holds its lease, sealed when nobody does. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Db, openDb } from '../db/open.ts'
import { type ShardMeta, shardMetaQueries } from '../db/queries/shard-meta.ts'
import { RffError } from '../schemas/failure.ts'

/** Creates the file where it is missing; a file that is there must be the shard that is meant. */
export function createShard(path: string, meta: ShardMeta): Db {
  if (!existsSync(path)) makeIdentified(path, meta)
  return openShard(path, meta, 'write')
}

/**
 * A file gets a shard's name once the disk has whose it is: so one of that name is never half made, and one that says
 * nothing of itself is not touched. What somebody who was killed here left has another name, and is made anew.
 */
function makeIdentified(path: string, meta: ShardMeta): void {
  const temporary = `${path}.new`
  for (const leftover of ['', '-journal', '-wal', '-shm']) rmSync(temporary + leftover, { force: true })
  const db = openDb(temporary, 'shard', { mode: 'create' })
  try {
    db.transaction(() => shardMetaQueries(db).identify(meta)).immediate()
  } finally {
    seal(db)
  }
  renameSync(temporary, path)
  syncDirectory(dirname(path))
}

/** @throws RffError shard_missing, shard_damaged, schema_newer, schema_older, schema_behind, plan_mismatch */
export function openShard(path: string, meta: ShardMeta, mode: 'write' | 'read'): Db {
  if (!existsSync(path)) {
    throw new RffError('shard_missing', `shard ${meta.shardNo} has no file: expected it at ${path}`)
  }
  return expectShard(openDb(path, 'shard', { mode }), path, meta)
}

function expectShard(db: Db, path: string, meta: ShardMeta): Db {
  const found = shardMetaQueries(db).identity()
  if (
    found?.lineage !== meta.lineage ||
    found.shardNo !== meta.shardNo ||
    found.keyFirst !== meta.keyFirst ||
    found.keyLast !== meta.keyLast
  ) {
    db.close()
    const told = found === undefined ? 'does not say which shard it is' : `says it is ${nameOf(found)}`
    throw new RffError('plan_mismatch', `${path} ${told}, expected ${nameOf(meta)}`)
  }
  return db
}

const nameOf = ({ shardNo, keyFirst, keyLast, lineage }: ShardMeta): string =>
  `shard ${shardNo} (${keyFirst}..${keyLast}) of plan ${lineage}`

/**
 * Makes the shard one file: the WAL goes into it, it is closed, the directory is synced. Only a sealed shard may be
 * copied, shipped or archived.
 */
export function seal(db: Db): void {
  const path = db.name
  try {
    db.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    db.close()
  }
  syncDirectory(dirname(path))
}

export function syncDirectory(dir: string): void {
  const handle = openSync(dir, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
