/**
 * Makes the search index of a field: a file of its own, made from the field when somebody first searches it.
 *
 * The field stays what the merge wrote, byte for byte, and a merge does not wait for an index that nobody may read.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openDb } from '../../../db/open.ts'
import { settle, setUnsafe } from '../../../db/queries/field-building.ts'
import { attachReadOnly } from '../../../db/queries/run-check.ts'
import {
  beginRuns,
  countFacets,
  fillConcepts,
  fillFacts,
  gatherConceptMarks,
  gatherFactMarks,
  type NamedRun,
  nameFacets,
  putMeta,
  takeRuns,
} from '../../../db/queries/search-building.ts'
import { spaced } from './query-words.ts'

export interface IndexOrder {
  readonly indexPath: string
  readonly fieldPath: string
  readonly corpusPath: string
  readonly fieldDigest: string
  /** Those that can be read; what they say of runs is all that is taken from them. */
  readonly shardPaths: readonly string[]
  readonly runs: readonly NamedRun[]
}

/** Of the index, not of the field: raise it when the index of the same field is to be another. */
export const INDEX_VERSION = 1

/**
 * Written under another name and renamed when it is whole. Two processes may do so at once: both files are the same.
 *
 * @param say gets what is being done, for people who wait
 */
export function buildIndex(order: IndexOrder, say: (what: string) => void): void {
  mkdirSync(dirname(order.indexPath), { recursive: true })
  clearAbandoned(dirname(order.indexPath))
  const building = `${order.indexPath}.${process.pid}`
  rmSync(building, { force: true })
  const db = openDb(building, 'search', { mode: 'create' })
  try {
    setUnsafe(db)
    db.function('spaced', { deterministic: true }, (text) => spaced(String(text ?? '')))
    attachReadOnly(db, { field: order.fieldPath, corpus: order.corpusPath })
    beginRuns(db)
    for (const path of order.shardPaths) {
      attachReadOnly(db, { shard: path })
      takeRuns(db, 'shard')
      db.exec('DETACH shard')
    }
    say('domains, relation types and runs')
    nameFacets(db, order.runs)
    say('concepts')
    gatherConceptMarks(db)
    fillConcepts(db)
    say('facts')
    gatherFactMarks(db)
    fillFacts(db)
    countFacets(db)
    putMeta(db, 'field_digest', order.fieldDigest)
    putMeta(db, 'index_version', String(INDEX_VERSION))
    settle(db)
  } finally {
    db.close()
  }
  renameSync(building, order.indexPath)
}

/** What a process that was killed left behind. */
function clearAbandoned(dir: string): void {
  for (const name of readdirSync(dir)) {
    const pid = /\.sqlite\.(\d+)(?:-|$)/.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`) && existsSync('/proc')) rmSync(join(dir, name))
  }
}
