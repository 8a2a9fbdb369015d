import type { Db } from '../open.ts'

/** Batches stand outside: providers count them elsewhere. */
const USED_SINCE = `
  SELECT coalesce(sum(
    CASE WHEN state IN ('sent', 'unknown') THEN reserved_tokens ELSE prompt_tokens + answer_tokens END
  ), 0) AS tokens
  FROM attempts
  WHERE sent_at_ms >= @sinceMs AND reused_attempt_id IS NULL AND batch_intent_id IS NULL AND provider <> 'rules'`

/** What this shard has used of a provider's tokens; what nobody knows counts as all that was reserved. */
export const tokensUsedSince = (db: Db, sinceMs: number): number =>
  db.prepare<object, { tokens: number }>(USED_SINCE).get({ sinceMs })!.tokens

/** The same of vectors, those of searches among them. @param db of kind `embeddings` */
export const vectorTokensUsedSince = (db: Db, sinceMs: number): number =>
  db
    .prepare<object, { tokens: number }>(
      'SELECT coalesce(sum(tokens), 0) AS tokens FROM booked WHERE sent_at_ms >= @sinceMs',
    )
    .get({ sinceMs })!.tokens
