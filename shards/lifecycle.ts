/** The life of a shard file: created by a plan, opened by whoever holds its lease, sealed when nobody does. */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Db, openDb } from '../db/open.ts'
import { type ShardMeta, shardMetaQueries } from '../db/queries/shard-meta.ts'
import { RffError } from '../schemas/failure.ts'

/** Creates the file where it is missing; a file that is there must be the shard that is meant. */
export function createShard(path: string, meta: ShardMeta): Db {
  const db = openDb(path, 'shard', { mode: 'create' })
  const queries = shardMetaQueries(db)
  if (queries.identity() === undefined) db.transaction(() => queries.identify(meta)).immediate()
  return expectShard(db, path, meta)
}

/** @throws RffError input_not_found, shard_damaged, schema_newer, plan_mismatch */
export function openShard(path: string, meta: ShardMeta, mode: 'write' | 'read'): Db {
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
    throw new RffError(
      'plan_mismatch',
      `${path} says it is shard ${found?.shardNo} (${found?.keyFirst}..${found?.keyLast}) of plan ${found?.lineage}, ` +
        `expected shard ${meta.shardNo} (${meta.keyFirst}..${meta.keyLast}) of plan ${meta.lineage}`,
    )
  }
  return db
}

/**
 * Makes the shard one file: the WAL goes into it, it is closed, the directory is synced. Only a sealed shard may be
 * copied, shipped or archived.
 */
export function seal(db: Db): void {
  const path = db.name
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
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
