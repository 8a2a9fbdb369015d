import type { Intent } from '../../db/queries/attempts.ts'
import type { Cost } from '../../schemas/budget.ts'
import type { ShardSession } from './shard-session.ts'

/** The answer is kept and paid for. But no reservation holds against such a provider, so nothing more may be sent. */
export function haltIfOverbilled(
  { halt, job }: ShardSession,
  { provider, model }: Pick<Intent, 'provider' | 'model'>,
  worst: Cost,
  actual: Cost,
): void {
  const isBeyondTokens = job.caps.tokens !== null && actual.tokens > worst.tokens
  if (actual.microUsd <= worst.microUsd && !isBeyondTokens) return
  halt({
    code: 'systemic_failure',
    message:
      `${provider}/${model} billed ${actual.tokens} tokens (${actual.microUsd} micro-dollars) for a request ` +
      `that could take ${worst.tokens} (${worst.microUsd}) at most; it does not keep to the answer limit, or answers in a dearer tier (then give its price with priorityPercent)`,
  })
}
