/** What a shard spent on each day, in UTC. */
import type { Db } from '../open.ts'

export interface DaySpend {
  /** As `2026-01-02`. */
  readonly day: string
  readonly model: string
  readonly attempts: number
  /** At worst case where nobody knows what was billed. */
  readonly microUsd: number
}

export const spendByDay = (db: Db): DaySpend[] =>
  db
    .prepare<[], DaySpend>(
      `SELECT date(sent_at_ms / 1000, 'unixepoch') AS day, model, count(*) AS attempts,
         sum(CASE WHEN state IN ('sent', 'unknown') THEN reserved_micro_usd ELSE micro_usd END) AS microUsd
       FROM attempts WHERE reused_attempt_id IS NULL GROUP BY day, model ORDER BY day, model`,
    )
    .all()
