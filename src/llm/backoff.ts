/** What to do with a request that got no answer: decisions only, the waiting is the caller's. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { AskFailure } from '../../schemas/prompt.ts'

/** How often one request has failed, by code: each kind of failure has its own patience. */
export type Tries = Readonly<Partial<Record<FailureCode, number>>>

export const countTry = (tries: Tries, { code }: Pick<AskFailure, 'code'>): Tries => ({
  ...tries,
  [code]: (tries[code] ?? 0) + 1,
})

export interface RetrySettings {
  /** Tries of one request before it is given up, where the provider failed or the connection broke. */
  readonly transportTries: number
  /** The first wait; it doubles each time. */
  readonly backoffMs: number
}

export type NextTry =
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'give_up' }
  /** Nothing will work until a person acts: the run pauses. */
  | { readonly kind: 'systemic' }

const GIVE_UP: NextTry = { kind: 'give_up' }
const LONGEST_BACKOFF_MS = 30_000
const LONGEST_RETRY_AFTER_MS = 600_000
/** A deadline of ours may be billed, so it is not tried as often as a failure that costs nothing. */
const TIMEOUT_TRIES = 3
/** It was billed. A second one says whether the texts are at fault; then they are asked for in halves. */
const UNUSABLE_TRIES = 2

/** What decides. */
export type FailedTry = Pick<AskFailure, 'code' | 'isSystemic' | 'retryAfterMs' | 'rejectedParameter'>

/**
 * @param tries with this failure counted in
 * @param random in [0, 1): full jitter, so that callers who failed together do not come back together
 */
export function nextTry(failure: FailedTry, tries: Tries, settings: RetrySettings, random: number): NextTry {
  if (failure.isSystemic) return { kind: 'systemic' }
  const tried = tries[failure.code] ?? 1
  const backOff = (): NextTry => ({
    kind: 'wait',
    waitMs: waitOf(failure, tried, settings.backoffMs, random),
  })
  switch (failure.code) {
    case 'provider_busy':
      // Never the cluster's fault: the limiter makes it rare, the window or a cap ends it.
      return backOff()
    case 'provider_error':
      return tried < settings.transportTries ? backOff() : GIVE_UP
    case 'provider_timeout':
      return tried < Math.min(TIMEOUT_TRIES, settings.transportTries) ? backOff() : GIVE_UP
    case 'embedding_unusable':
      return tried < Math.min(UNUSABLE_TRIES, settings.transportTries) ? backOff() : GIVE_UP
    case 'provider_rejected':
      // The provider has left the parameter out by now. It never names one twice, so this ends.
      return failure.rejectedParameter === undefined ? GIVE_UP : { kind: 'wait', waitMs: 0 }
    default:
      return GIVE_UP
  }
}

/** What the provider asked for is the least; jitter comes on top, for everybody was told the same. */
function waitOf({ retryAfterMs }: FailedTry, tried: number, backoffMs: number, random: number): number {
  const longest = Math.min(LONGEST_BACKOFF_MS, backoffMs * 2 ** Math.min(tried - 1, 30))
  const told = Math.min(LONGEST_RETRY_AFTER_MS, retryAfterMs ?? 0)
  return Math.ceil(told + longest * random)
}
