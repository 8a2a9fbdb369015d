/** What a shard has used of each run's caps. What nobody has settled counts at its worst case. */
import type { Db } from '../open.ts'

export interface RunUse {
  readonly runId: number
  readonly calls: number
  readonly tokens: number
  readonly microUsd: number
}

/** In the order of runs. By counting: shardBalance (kept-balance.ts) need not. */
export const countUse = (db: Db): RunUse[] =>
  db
    .prepare<[], RunUse>(
      `SELECT run_id AS runId, count(*) AS calls,
         coalesce(sum(CASE WHEN state IN ('sent', 'unknown') THEN reserved_tokens ELSE prompt_tokens + answer_tokens END), 0) AS tokens,
         coalesce(sum(CASE WHEN state IN ('sent', 'unknown') THEN reserved_micro_usd ELSE micro_usd END), 0) AS microUsd
       FROM attempts WHERE reused_attempt_id IS NULL AND provider <> 'rules' GROUP BY run_id ORDER BY run_id`,
    )
    .all()
