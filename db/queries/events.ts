/** What happened, for people and for the page. */
import type { Db } from '../open.ts'

export interface EventRow {
  readonly atMs: number
  readonly level: 'info' | 'warn' | 'error'
  readonly kind: string
  readonly runId: number | null
  readonly shardNo: number | null
  readonly payload: unknown
}

export function eventQueries(db: Db) {
  const insert = db.prepare(
    `INSERT INTO events (at_ms, level, kind, run_id, shard_no, payload)
     VALUES (@atMs, @level, @kind, @runId, @shardNo, @payload)`,
  )
  return {
    put: ({ payload, ...event }: EventRow): void =>
      void insert.run({ ...event, payload: JSON.stringify(payload) }),
  }
}
