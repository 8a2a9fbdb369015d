/** What stands in the shard files of an image and must never be lost again, one string a row. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Image, writeImage } from './disk.ts'

const SHARD = /(?:^|\/)shards\/\d+\.sqlite$/

/** Requests that were meant to leave, answers with their bill, and outcomes. */
const ROWS = `
  SELECT 'intent ' || attempt_id || ' ' || request_key FROM attempts
  UNION ALL
  SELECT 'answer ' || attempt_id || ' ' || a.micro_usd || ' ' || w.usage || ' ' || hex(w.body)
    FROM answers w JOIN attempts a USING (attempt_id) WHERE a.state = 'settled'
  UNION ALL
  SELECT 'outcome ' || cluster_id || ' ' || outcome FROM done`

/** An empty set where the image has no shard, or none with a schema. */
export function shardRows(image: Image): Set<string> {
  const root = mkdtempSync(join(tmpdir(), 'rff-rows-'))
  try {
    const shards = [...image].filter(([path, bytes]) => bytes === null || /\/shards\/[^/]+$/.test(path))
    writeImage(new Map(shards), root)
    return new Set(shards.filter(([path]) => SHARD.test(path)).flatMap(([path]) => rowsOf(join(root, path))))
  } finally {
    rmSync(root, { recursive: true })
  }
}

function rowsOf(path: string): string[] {
  const db = new Database(path)
  try {
    if (db.pragma('user_version', { simple: true }) === 0) return []
    return db.prepare<[], string>(ROWS).pluck().all()
  } finally {
    db.close()
  }
}
