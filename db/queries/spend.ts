/** What a shard spent, by what it was spent on. */
import type { AttemptState, Lane } from '../../schemas/states.ts'
import type { Db } from '../open.ts'

export interface SpendRow {
  readonly runId: number
  readonly lane: Lane
  readonly provider: string
  readonly model: string
  /** The tier that answered, where the provider told one. */
  readonly serviceTier: string | null
  readonly state: AttemptState
  readonly attempts: number
  /** Answers found in store: nothing was sent for them. */
  readonly reused: number
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly answerTokens: number
  /** At worst case where the state is `sent` or `unknown`. */
  readonly microUsd: number
}

export const shardSpend = (db: Db): SpendRow[] =>
  db
    .prepare<[], SpendRow>(
      `SELECT run_id AS runId, lane, provider, model, service_tier AS serviceTier, state, attempts, reused, prompt_tokens AS promptTokens,
         cached_tokens AS cachedTokens, answer_tokens AS answerTokens, micro_usd AS microUsd
       FROM audit_spend ORDER BY run_id, lane, provider, model, service_tier, state`,
    )
    .all()
