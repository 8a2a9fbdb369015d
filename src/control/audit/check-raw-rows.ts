/**
 * Whether a field holds the deltas of a shard as they are: asked where the shard has the delta rows that the merge saw, by
 * their digest. A shard that went on since has other ones, and its field is not to be held to them.
 */
import { relative } from 'node:path'
import { type Db, openDb } from '../../../db/open.ts'
import { dumpTables } from '../../../db/queries/field-dump.ts'
import { columnsOf, DELTA_TABLES, RAW_TABLES } from '../../../db/queries/field-tables.ts'
import { attachReadOnly, runCheck } from '../../../db/queries/run-check.ts'
import type { Manifest } from '../../../schemas/manifest.ts'
import { digestBlocks } from '../../passes/70-g-merge/digest-blocks.ts'
import { shardsOf, visitShard } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { type CheckResult, told } from './check-result.ts'

export function checkRawRows(workspace: Workspace, fieldPath: string, { inputs }: Manifest): CheckResult[] {
  return shardsOf(workspace).flatMap((shard) => {
    const input = inputs.find(({ shard_no }) => shard_no === shard.shardNo)
    if (input === undefined) return []
    const seen = visitShard(workspace, shard, (db) => digestBlocks(dumpTables(db, 'main', DELTA_TABLES)))
    if (!seen.ok) return [] // told with the file itself
    const about = {
      name: 'raw_rows_are_the_deltas',
      claim: 'the field has the deltas of the shard as they were merged',
      file: relative(workspace.dir, fieldPath),
    }
    if (seen.value !== input.delta_digest) {
      return [{ ...told(about, 0, 0), passed: false, skipped: `shard ${shard.shardNo} went on since` }]
    }
    return [told(about, countOthers(fieldPath, workspace.shardPath(shard.shardNo)), 0)]
  })
}

/** @returns rows of the shard's clusters that one of the two files has and the other has not */
function countOthers(fieldPath: string, shardPath: string): number {
  const db: Db = openDb(fieldPath, 'field', { mode: 'read' })
  try {
    attachReadOnly(db, { shard: shardPath })
    return RAW_TABLES.reduce((sum, table) => {
      const columns = columnsOf(table).join(', ')
      const field = `SELECT ${columns} FROM main.${table.name} WHERE cluster_id IN (SELECT cluster_id FROM shard.clusters)`
      const shard = `SELECT ${columns} FROM shard.${table.deltaName}`
      return (
        sum +
        runCheck(db, `SELECT count(*) FROM (${field} EXCEPT ${shard})`) +
        runCheck(db, `SELECT count(*) FROM (${shard} EXCEPT ${field})`)
      )
    }, 0)
  } finally {
    db.close()
  }
}
