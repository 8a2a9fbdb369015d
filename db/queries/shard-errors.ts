import type { Lane } from '../../schemas/states.ts'
import type { Db } from '../open.ts'

export interface ErrorCount {
  readonly code: string
  readonly lane: Lane
  readonly attempts: number
  readonly clusters: number
}

/** What went wrong in a shard, most frequent first. */
export const shardErrors = (db: Db): ErrorCount[] =>
  db
    .prepare<[], ErrorCount>(
      'SELECT code, lane, attempts, clusters FROM audit_errors ORDER BY attempts DESC, code, lane',
    )
    .all()
