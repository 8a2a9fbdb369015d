/** A call that brought no answer, as data. */
import type { AskFailure } from '../../schemas/prompt.ts'
import { judgeError, type ReportedError } from './judge-error.ts'
import { type HeaderSource, limitsSeenIn, retryAfterMsIn } from './limit-headers.ts'

/** What the response said beside its body. */
export interface ResponseHead {
  readonly status: number
  readonly headers: HeaderSource
}

/** The server said no. */
export function refusedCall(error: ReportedError, head: ResponseHead): AskFailure {
  const message = error.message === '' ? `status ${error.status}` : error.message
  return { ...judgeError(error), message: shorten(message), ...toldBy(head) }
}

/** @param head where a response came at all */
export function lostCall(
  code: AskFailure['code'],
  message: string,
  mayBeBilled: boolean,
  head?: ResponseHead,
): AskFailure {
  const told = head === undefined ? { retryAfterMs: null, httpStatus: null } : toldBy(head)
  return { code, message: shorten(message), mayBeBilled, isSystemic: false, ...told }
}

function toldBy({
  status,
  headers,
}: ResponseHead): Pick<AskFailure, 'retryAfterMs' | 'httpStatus' | 'requestId' | 'limits'> {
  const limits = limitsSeenIn(headers)
  return {
    retryAfterMs: retryAfterMsIn(headers, Date.now()),
    httpStatus: status,
    requestId: headers.get('x-request-id'),
    ...(limits === undefined ? {} : { limits }),
  }
}

const shorten = (message: string): string => (message.length > 500 ? `${message.slice(0, 500)}…` : message)
