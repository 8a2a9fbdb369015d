/** The runs of a workspace, newest first. */
import type { Db } from '../open.ts'

export interface PastRun {
  readonly runId: number
  readonly runTag: string
  readonly state: 'open' | 'closed'
  readonly settings: string
  readonly createdAtMs: number
  readonly closedAtMs: number | null
  readonly capMicroUsd: number | null
  readonly capTokens: number | null
  readonly capCalls: number | null
}

export function runHistory(db: Db) {
  const page = db.prepare<object, PastRun>(
    `SELECT run_id AS runId, run_tag AS runTag, state, settings, created_at_ms AS createdAtMs,
       closed_at_ms AS closedAtMs, cap_micro_usd AS capMicroUsd, cap_tokens AS capTokens, cap_calls AS capCalls
     FROM runs WHERE run_id < @before ORDER BY run_id DESC LIMIT @limit`,
  )
  return {
    /** @param before a run's number; null for the newest */
    before: (before: number | null, limit: number): PastRun[] =>
      page.all({ before: before ?? Number.MAX_SAFE_INTEGER, limit }),
  }
}
