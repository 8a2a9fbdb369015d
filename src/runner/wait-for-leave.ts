/**
 * Leave to send one request: of the limiter, the usage window and the budget, in this order. Where one of them has none
 * to give, what the others gave goes back.
 */
import type { Cost } from '../../schemas/budget.ts'
import type { Reply, Request } from '../../schemas/prompt.ts'
import type { Tries } from '../llm/backoff.ts'
import type { NotAsked } from './asked.ts'
import type { LaneSettings } from './lane-settings.ts'
import type { ShardSession } from './shard-session.ts'

export interface Leave {
  /** The intent is in the rows, and the request goes. */
  sent(): void
  back(reply: Reply, actual: Cost): void
  /** Nothing came back, and nothing will. */
  cancel(): void
}

/** Waits for the limiter, the usage window and the budget. @returns why nothing may be sent, where nothing may */
export async function waitForLeave(
  { drain, purse, window, profiler }: ShardSession,
  { limiter }: LaneSettings,
  worst: Cost,
  { answerLimitTokens }: Request,
  tries: Tries,
): Promise<Leave | NotAsked> {
  if (drain.aborted) return 'drained'
  const promptTokens = worst.tokens - answerLimitTokens
  const demand = { promptTokens, answerLimitTokens, isRetry: Object.keys(tries).length > 0 }
  const grant =
    limiter === null
      ? undefined
      : await profiler.wait('limit', () => limiter.enter(demand, drain).catch(() => null)) // refused only by the drain
  if (grant === null) return 'drained'
  const pass = await window?.enter(worst.tokens, drain)
  if (pass !== null && (await profiler.wait('budget', () => purse.reserve(worst)))) {
    return {
      sent() {
        pass?.committed()
        if (grant !== undefined) limiter?.sent(grant)
      },
      back(reply, actual) {
        pass?.settle(actual.tokens)
        if (grant !== undefined) limiter?.leave(grant, reply)
      },
      cancel() {
        pass?.cancel()
        if (grant !== undefined) limiter?.cancel(grant)
      },
    }
  }
  pass?.cancel()
  if (grant !== undefined) limiter?.cancel(grant)
  if (drain.aborted) return 'drained'
  return pass === null ? 'window' : 'budget'
}
