/**
 * Puts one request to a provider, with the books kept: intent before the deed, the raw answer before anybody judges it.
 *
 * An answer that is already stored is not bought again. Every request that leaves is an attempt of its own, also each
 * repetition after a transport failure.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Intent } from '../../db/queries/attempts.ts'
import { NO_COST } from '../../schemas/budget.ts'
import type { Answer, Message, Reply, Request } from '../../schemas/prompt.ts'
import { countTry, nextTry, type Tries } from '../llm/backoff.ts'
import type { LocalProvider, RemoteProvider } from '../llm/provider.ts'
import { requestKeyOf } from '../llm/request-key.ts'
import type { Asked, Asking, TaskStamp } from './asked.ts'
import { putAside } from './batch/put-aside.ts'
import { haltIfGone } from './halt-if-gone.ts'
import type { LaneQuestion } from './lane-settings.ts'
import { bookReply, sendAttempt } from './send-attempt.ts'
import type { ShardSession } from './shard-session.ts'
import { waitForLeave } from './wait-for-leave.ts'

export async function ask(
  session: ShardSession,
  task: TaskStamp,
  question: LaneQuestion,
  messages: readonly Message[],
): Promise<Asked> {
  const { request, intent } = session.profiler.time('PassC: request and its key', () => {
    const asked = requestOf(task, question, messages)
    return { request: asked, intent: intentOf(session, task, question, asked) }
  })
  const { lane, settings } = question
  const { provider } = settings
  const find = () => findStored(session, question, intent)
  if (provider.kind === 'local') return (await find()) ?? answerHere(session, provider, request, intent)
  const { outbox } = session
  return outbox === null || provider.batches === undefined
    ? session.underWay.alone(intent.requestKey, find, () =>
        askUntilAnswered({ session, task, lane, settings }, provider, request, intent),
      )
    : ((await find()) ?? putAside(session, outbox, settings, provider.batches, { request, intent }))
}

function requestOf(
  task: TaskStamp,
  { lane, settings, answerLimitTokens }: LaneQuestion,
  messages: readonly Message[],
): Request {
  return {
    task: task.name,
    lane,
    model: settings.model,
    messages,
    schema: task.answerSchema,
    sampling: settings.sampling,
    answerLimitTokens,
  }
}

function intentOf(session: ShardSession, task: TaskStamp, question: LaneQuestion, request: Request): Intent {
  return {
    clusterId: question.clusterId,
    runId: session.job.runId,
    task: task.name,
    taskVersion: task.version,
    lane: question.lane,
    provider: question.settings.provider.name,
    model: question.settings.model,
    requestKey: requestKeyOf(question.settings.provider.name, request),
    promptDigest: task.promptDigest,
    schemaDigest: task.answerSchema.digest,
    reservedMicroUsd: 0,
    reservedTokens: 0,
    sentAtMs: session.nowMs(),
  }
}

/** The move was made before (a restart), or another cluster or an earlier run asked the same. */
function findStored(
  { attempts, commits, tally, nextAttemptId, job }: ShardSession,
  { clusterId, lane, wasAsked }: LaneQuestion,
  intent: Intent,
): Promise<Asked> | undefined {
  const made = wasAsked ? attempts.moveMade(clusterId, lane, intent.requestKey) : undefined
  if (made !== undefined) return Promise.resolve({ kind: 'answered', answer: made })
  const stored = attempts.storedAnswer(intent.requestKey, job.isFresh ? job.runId : null)
  if (stored === undefined) return undefined
  const attemptId = nextAttemptId()
  tally.reused += 1
  return commits
    .join(() => attempts.reuse(attemptId, stored.attemptId, intent))
    .then(() => ({ kind: 'answered', answer: { ...stored, attemptId } }))
}

/** Nothing leaves this process, so intent and answer are one commit. */
async function answerHere(
  session: ShardSession,
  provider: LocalProvider,
  request: Request,
  intent: Intent,
): Promise<Asked> {
  const reply = session.profiler.time('PassC: built-in rules', () => provider.answer(request))
  const attemptId = session.nextAttemptId()
  session.tally.asked += 1
  await session.commits.join(() => {
    session.attempts.intend(attemptId, intent)
    bookReply(session, attemptId, intent, reply, NO_COST)
  })
  return outcomeOf(attemptId, reply)
}

async function askUntilAnswered(
  asking: Asking,
  provider: RemoteProvider,
  request: Request,
  intent: Intent,
): Promise<Asked> {
  const { session, settings } = asking
  const worst = settings.meter.worstCase(request)
  let tries: Tries = {}
  for (;;) {
    const leave = await waitForLeave(session, settings, worst, request, tries)
    if (typeof leave === 'string') return { kind: 'not_asked', why: leave }
    const attemptId = session.nextAttemptId()
    const reply = await sendAttempt(session, settings.meter, provider, request, {
      attemptId,
      intent,
      worst,
      leave,
    })
    if (reply.ok) {
      session.streak.succeeded()
      return outcomeOf(attemptId, reply)
    }
    const tried = countTry(tries, reply.failure)
    await haltIfGone(asking, reply.failure, tried)
    // What fails while a server is down is not the question's fault, and costs it no try.
    if (settings.limiter?.isServerDown !== true) tries = tried
    const next = nextTry(reply.failure, tries, session.job.config.run, session.random())
    if (next.kind !== 'wait' || session.drain.aborted) return outcomeOf(attemptId, reply)
    await pause(next.waitMs, session.drain)
  }
}

function outcomeOf(attemptId: number, reply: Reply): Asked {
  if (!reply.ok) return { kind: 'unanswered', failure: reply.failure, attemptId }
  const { text, finishReason }: Answer = reply.answer
  return { kind: 'answered', answer: { attemptId, text, finishReason } }
}

/** Ends early, without a word, when the run is drained. */
async function pause(waitMs: number, drain: AbortSignal): Promise<void> {
  try {
    await sleep(waitMs, undefined, { signal: drain })
  } catch (cause) {
    if (!drain.aborted) throw cause
  }
}
