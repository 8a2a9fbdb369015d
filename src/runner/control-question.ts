/**
 * A small question beside the work, for a server that answers none of the others: whether it is the server that is
 * gone, or the questions that it has no answer to.
 *
 * It goes the way of all others, with the schema and the sampling of the lane that failed, and is booked like them, under
 * a name that is no cluster's. Its answer is never judged. It waits for no limit, since it is asked when nobody gets through.
 */
import { createHash } from 'node:crypto'
import type { Request } from '../../schemas/prompt.ts'
import { requestKeyOf } from '../llm/request-key.ts'
import type { Asking } from './asked.ts'
import { sendAttempt } from './send-attempt.ts'
import { waitForLeave } from './wait-for-leave.ts'

/** Stands in attempts.cluster_id and attempts.task. */
export const CONTROL = 'control'

const TEXT = 'This only tests whether you answer. Give the shortest answer that you can.'
const TEXT_DIGEST = createHash('sha256').update(TEXT).digest('hex')
const ANSWER_LIMIT_TOKENS = 256

/**
 * Asks, or waits for who is asking. An answer of any kind is a sign of life, and lets all go again.
 *
 * @returns false too where the budget has no room for it, or the run is being drained
 */
export function answersControl(asking: Asking): Promise<boolean> {
  const { control } = asking.session
  control.asking ??= askControl(asking).finally(() => {
    control.asking = null
  })
  return control.asking
}

/** The same where the server is left alone, once for each time that this began, and for each probe in vain. */
export async function isServerThere(asking: Asking): Promise<boolean> {
  const { session, settings } = asking
  const { control } = session
  const failedProbes = settings.limiter?.failedProbes ?? 0
  if (control.asking === null && control.deniedAfterProbes === failedProbes) return false
  const isThere = await answersControl(asking)
  control.deniedAfterProbes = isThere ? null : failedProbes
  return isThere
}

async function askControl({ session, task, lane, settings }: Asking): Promise<boolean> {
  const { answerSchema } = task
  const { provider, meter, limiter, model, sampling } = settings
  if (provider.kind === 'local') return true
  const request: Request = {
    ...{ task: CONTROL, lane, model, sampling, schema: answerSchema },
    messages: [{ role: 'user', content: TEXT }],
    answerLimitTokens: Math.min(ANSWER_LIMIT_TOKENS, settings.answerLimitTokens),
  }
  const worst = meter.worstCase(request)
  const leave = await waitForLeave(session, { ...settings, limiter: null }, worst, request, {})
  if (typeof leave === 'string') return false
  const attemptId = session.nextAttemptId()
  const intent = {
    ...{ clusterId: CONTROL, runId: session.job.runId, task: CONTROL, taskVersion: 1, lane, model },
    ...{ provider: provider.name, requestKey: requestKeyOf(provider.name, request) },
    ...{ promptDigest: TEXT_DIGEST, schemaDigest: answerSchema.digest },
    ...{ reservedMicroUsd: 0, reservedTokens: 0, sentAtMs: session.nowMs() },
  }
  const reply = await sendAttempt(session, meter, provider, request, { attemptId, intent, worst, leave })
  if (!reply.ok) return false
  session.streak.sawSignOfLife()
  limiter?.hearAnswer()
  return true
}
