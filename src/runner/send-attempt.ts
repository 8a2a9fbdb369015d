/** Sends one attempt, and keeps its books in the shard, with the purse and the limiter. */
import type { Intent } from '../../db/queries/attempts.ts'
import { type Cost, NO_COST } from '../../schemas/budget.ts'
import { clientRequestIdOf } from '../../schemas/client-request-id.ts'
import type { Reply, Request } from '../../schemas/prompt.ts'
import type { Meter } from '../llm/meter.ts'
import type { RemoteProvider } from '../llm/provider.ts'
import { haltIfOverbilled } from './halt-if-overbilled.ts'
import type { ShardSession } from './shard-session.ts'
import type { Leave } from './wait-for-leave.ts'

interface Booking {
  readonly attemptId: number
  readonly intent: Intent
  readonly worst: Cost
  readonly leave: Leave
}

/** The intent is durable before the request leaves, the answer before anybody sees it. */
export async function sendAttempt(
  session: ShardSession,
  meter: Meter,
  provider: RemoteProvider,
  request: Request,
  { attemptId, intent, worst, leave }: Booking,
): Promise<Reply> {
  const { commits, attempts, purse, tally, nowMs, job, profiler } = session
  const booked: Intent = {
    ...intent,
    reservedMicroUsd: worst.microUsd,
    reservedTokens: worst.tokens,
    sentAtMs: nowMs(),
  }
  let reply: Reply | undefined
  let actual = NO_COST
  try {
    await profiler.wait('commit of the intent', () => commits.join(() => attempts.intend(attemptId, booked)))
    leave.sent()
    tally.asked += 1
    const named = { ...request, clientRequestId: clientRequestIdOf(job.meta.lineage, attemptId) }
    const found = await profiler.ask(() => provider.ask(named, session.deadline()))
    reply = found
    actual = costOf(meter, worst, found)
    await profiler.wait('commit of the answer', () =>
      commits.join(() => bookReply(session, attemptId, intent, found, actual)),
    )
  } finally {
    // Also where nothing could be written: a place that is not given back is missing to the shards that go on.
    purse.settle(worst, actual)
    if (reply === undefined) leave.cancel()
    else leave.back(reply, actual)
  }
  tally.microUsd += actual.microUsd
  haltIfOverbilled(session, intent, worst, actual)
  return reply
}

export function bookReply(
  { attempts }: ShardSession,
  attemptId: number,
  intent: Intent,
  reply: Reply,
  cost: Cost,
): void {
  if (reply.ok) attempts.settle(attemptId, intent.requestKey, reply.answer, cost.microUsd)
  else {
    const { code, mayBeBilled, httpStatus, requestId = null } = reply.failure
    attempts.fail(attemptId, { state: mayBeBilled ? 'unknown' : 'failed', code, httpStatus, requestId })
  }
}

/** Nobody knows whether a request that broke off is billed, so it stays booked at its worst case. */
function costOf(meter: Meter, worst: Cost, reply: Reply): Cost {
  if (reply.ok) return meter.actual(reply.answer.usage, { serviceTier: reply.answer.serviceTier })
  return reply.failure.mayBeBilled ? worst : NO_COST
}
