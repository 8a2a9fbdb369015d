import type { LoopRow } from '../../../db/queries/iterations.ts'
import type { Failure, FailureCode } from '../../../schemas/failure.ts'

export interface LoopJudgement {
  /** As it is to be stored. */
  readonly row: LoopRow
  readonly verdict: 'retry' | 'pause'
  /** Somebody should hear of it now. */
  readonly isAlarming: boolean
}

/** A person has to decide: trying again cannot help. */
const PAUSES_AT_ONCE: ReadonlySet<FailureCode> = new Set(['gate_failed', 'budget_spent'])

/** They pass: the loop looks again and again, at ever longer intervals. */
const PASSES: ReadonlySet<FailureCode> = new Set([
  'systemic_failure',
  'window_exhausted',
  'disk_full',
  'lock_held',
])

/** Three strikes: the same failure that often in a row pauses the loop; another failure counts from one again. */
export function judgeFailure(
  before: LoopRow,
  { code, message }: Failure,
  strikeLimit: number,
): LoopJudgement {
  const strikes = before.lastCode === code ? before.strikes + 1 : 1
  const isLast = strikes >= strikeLimit && !PASSES.has(code)
  if (!isLast && !PAUSES_AT_ONCE.has(code)) {
    const row: LoopRow = { state: before.state, reason: before.reason, strikes, lastCode: code }
    return { row, verdict: 'retry', isAlarming: strikes === strikeLimit }
  }
  return {
    row: { state: 'paused', reason: `${code}: ${message}`, strikes, lastCode: code },
    verdict: 'pause',
    isAlarming: true,
  }
}

/** Doubles with each strike. @returns milliseconds */
export function waitAfter(strikes: number, backoffMs: number, backoffMaxMs: number): number {
  return Math.min(backoffMaxMs, backoffMs * 2 ** Math.min(30, strikes - 1))
}
