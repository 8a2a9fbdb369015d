/** Books what came back of a batch: every line once, whoever looks again after a crash. */

import type { BatchRow, OpenLine } from '../../../db/queries/batches.ts'
import { type Cost, minus, NO_COST } from '../../../schemas/budget.ts'
import type { Failure } from '../../../schemas/failure.ts'
import type { Answer } from '../../../schemas/prompt.ts'
import type { LineResult } from '../../llm/batch/batch-api.ts'
import type { Meter } from '../../llm/meter.ts'
import { haltIfOverbilled } from '../halt-if-overbilled.ts'
import type { ShardSession } from '../shard-session.ts'

interface Booked {
  readonly line: OpenLine
  readonly actual: Cost
  readonly isAnswer: boolean
}

/**
 * One commit for the handful. A line whose end is in the books, or that is none of this batch, changes nothing.
 *
 * @returns a failure that a person must act on before anything more is sent; null where there is none
 */
export async function bookLines(
  session: ShardSession,
  { intentId, runId, provider, model }: BatchRow,
  meter: Meter,
  results: readonly LineResult[],
): Promise<Failure | null> {
  const booked = await session.commits.join(() =>
    results.flatMap((result) => bookLine(session, intentId, meter, result) ?? []),
  )
  for (const { line, actual, isAnswer } of booked) {
    const worst = worstOf(line)
    if (runId === session.job.runId) session.purse.refund(minus(worst, actual))
    session.tally.microUsd += actual.microUsd
    if (isAnswer) session.streak.succeeded()
    haltIfOverbilled(session, { provider, model }, worst, actual)
  }
  const systemic = results.flatMap(({ reply }) =>
    reply.ok || !reply.failure.isSystemic ? [] : reply.failure,
  )
  const [first] = systemic
  return first === undefined ? null : { code: 'systemic_failure', message: `${first.code}: ${first.message}` }
}

function bookLine(
  { attempts, batches, nowMs }: ShardSession,
  intentId: string,
  meter: Meter,
  { customId, reply }: LineResult,
): Booked | null {
  const attemptId = Number(customId)
  const line = Number.isSafeInteger(attemptId) ? batches.openLine(intentId, attemptId) : undefined
  if (line === undefined) return null
  if (reply.ok) {
    const answer = answerOf(reply.answer, line, nowMs())
    const actual = answer.usage.isBound ? worstOf(line) : meter.actual(answer.usage, { isBatch: true })
    attempts.settle(attemptId, line.requestKey, answer, actual.microUsd)
    return { line, actual, isAnswer: true }
  }
  const { code, httpStatus, requestId = null } = reply.failure
  attempts.fail(attemptId, { state: 'failed', code, httpStatus, requestId })
  return { line, actual: NO_COST, isAnswer: false }
}

/** An answer without usage counts as all that was reserved. The latency is that of the whole batch. */
function answerOf(answer: Answer, line: OpenLine, nowMs: number): Answer {
  const usage = answer.usage.isBound
    ? { ...answer.usage, promptTokens: line.reservedTokens, answerTokens: 0 }
    : answer.usage
  const model = answer.model === '' ? line.model : answer.model
  return { ...answer, usage, model, latencyMs: Math.max(0, nowMs - line.sentAtMs) }
}

const worstOf = ({ reservedMicroUsd, reservedTokens }: OpenLine): Cost => ({
  microUsd: reservedMicroUsd,
  tokens: reservedTokens,
  calls: 1,
})
