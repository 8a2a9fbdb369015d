/** The way to ask when there is no hurry: the question goes into the outbox, and its cluster waits for the answer. */
import type { Intent } from '../../../db/queries/attempts.ts'
import type { FailedLine } from '../../../db/queries/batches.ts'
import type { AskFailure, Request } from '../../../schemas/prompt.ts'
import { nextTry } from '../../llm/backoff.ts'
import type { BatchApi } from '../../llm/batch/batch-api.ts'
import type { Asked } from '../asked.ts'
import type { LaneSettings } from '../lane-settings.ts'
import type { ShardSession } from '../shard-session.ts'
import { mostLinesNow } from './most-lines.ts'
import type { Outbox } from './outbox.ts'

const PUT_ASIDE: Asked = { kind: 'not_asked', why: 'put_aside' }
/** The profile has learned what a server refuses, so the second try is another request. */
const REJECTED_TRIES = 2

export async function putAside(
  session: ShardSession,
  outbox: Outbox,
  { meter }: LaneSettings,
  api: BatchApi,
  { request, intent }: { readonly request: Request; readonly intent: Intent },
): Promise<Asked> {
  const failed = session.batches.failedLines({ ...intent })
  const failure = finalFailureOf(failed, session)
  if (failure !== null) return { kind: 'unanswered', failure, attemptId: failed.at(-1)!.attemptId }
  const { requestKey, provider, model } = intent
  if (outbox.isSpent || outbox.has(requestKey) || session.batches.isAsked(requestKey)) return PUT_ASIDE

  const worst = meter.worstCase(request, { isBatch: true })
  if (!(await session.purse.reserveNow(worst))) {
    outbox.isSpent = true
    return PUT_ASIDE
  }
  // Another cluster with the same question may have been first while the budget was asked for.
  if (outbox.has(requestKey)) {
    session.purse.refund(worst)
    return PUT_ASIDE
  }
  const attemptId = session.nextAttemptId()
  const reserved = { reservedMicroUsd: worst.microUsd, reservedTokens: worst.tokens }
  const text = api.lineOf(String(attemptId), request)
  const { maxLines } = session.job.config.batch
  const mostLines = mostLinesNow(maxLines, session.batches.sizes(provider, model))
  outbox.put({ attemptId, intent: { ...intent, ...reserved }, text }, mostLines)
  return PUT_ASIDE
}

/** @returns null where the question may go into a batch (again) */
function finalFailureOf(failed: readonly FailedLine[], { job }: ShardSession): AskFailure | null {
  const last = failed.at(-1)
  if (last === undefined) return null
  const { code, httpStatus } = last
  const tries = failed.filter((line) => line.code === code).length
  const failure: AskFailure = {
    code,
    message: `its line of a batch failed${httpStatus === null ? '' : ` with status ${httpStatus}`}`,
    mayBeBilled: false,
    retryAfterMs: null,
    isSystemic: false,
    httpStatus,
  }
  if (code === 'provider_rejected') return tries < REJECTED_TRIES ? null : failure
  return nextTry(failure, { [code]: tries }, job.config.run, 0).kind === 'wait' ? null : failure
}
