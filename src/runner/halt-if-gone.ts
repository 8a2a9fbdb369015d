/** Stops the run where the server is gone: what fails then is not the questions' fault. */
import type { AskFailure } from '../../schemas/prompt.ts'
import type { Tries } from '../llm/backoff.ts'
import { whyGone } from '../llm/limiter/why-gone.ts'
import type { Asking } from './asked.ts'
import { isServerThere } from './control-question.ts'
import type { ShardSession } from './shard-session.ts'

/** @param tries of the question that failed, with this one */
export async function haltIfGone(asking: Asking, failure: AskFailure, tries: Tries): Promise<void> {
  const { session, settings } = asking
  const { limiter, provider } = settings
  if (limiter === null || failure.isSystemic) return
  const { isServerDown } = limiter
  if (wasNeverThere(session, failure) && (isServerDown || (tries[failure.code] ?? 0) >= TRIES_TO_REACH)) {
    session.halt({
      code: 'systemic_failure',
      message: `${provider.name} cannot be reached, the last time for ${failure.code}: ${failure.message}`,
    })
  } else if (isServerDown && !(await isServerThere(asking))) {
    const gone = whyGone(limiter, provider.name, failure)
    if (gone !== null) session.halt(gone)
  }
}

const TRIES_TO_REACH = 2

/**
 * No connection was made, and nobody has had an answer in this run: a wrong address, or a program that was not started.
 * To probe it for a minute would only keep whoever waits for the end.
 */
const wasNeverThere = ({ streak }: ShardSession, { code, mayBeBilled, httpStatus }: AskFailure): boolean =>
  code === 'provider_error' && !mayBeBilled && httpStatus === null && streak.successCount() === 0
