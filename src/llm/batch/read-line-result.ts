/** What one line of a batch's output or error file says. */
import * as z from 'zod'
import type { AskFailure, Reply, Usage } from '../../../schemas/prompt.ts'
import { lostCall, refusedCall } from '../failed-call.ts'
import { readCompletionOf } from '../read-completion.ts'
import { errorFrom, reportedErrorIn } from '../reported-error.ts'
import type { LineResult } from './batch-api.ts'

const lineSchema = z.object({
  custom_id: z.string(),
  response: z
    .object({ status_code: z.number().int(), request_id: z.string().nullish(), body: z.unknown() })
    .nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
})

type Line = z.infer<typeof lineSchema>

/** Codes for a line whose turn did not come. */
const NOT_TRIED = new Set(['batch_expired', 'batch_cancelled'])

/** Nobody counts the tokens of a file again; who booked the line knows the most that it can have been. */
const UNKNOWN_USAGE: Usage = { promptTokens: 0, cachedTokens: 0, answerTokens: 0, isBound: true }

/** @returns null where the line names no request: it cannot be booked anywhere */
export function readLineResult(text: string): LineResult | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // A line that is not JSON is of no request that could be told.
    return null
  }
  const parsed = lineSchema.safeParse(value)
  return parsed.success ? { customId: parsed.data.custom_id, reply: replyOf(parsed.data) } : null
}

function replyOf({ response, error }: Line): Reply {
  if (response == null) return failed(failureWithout(error))
  const { status_code: status, request_id: requestId = null, body } = response
  const head = { status, headers: new Headers(requestId === null ? {} : { 'x-request-id': requestId }) }
  if (status >= 400) {
    const reported = reportedErrorIn(body, status) ?? errorFrom('', status)
    return failed(refusedCall({ ...reported, status }, head))
  }
  const read = readCompletionOf(body, { model: '', usageBound: () => UNKNOWN_USAGE })
  if (read.kind === 'error') return failed(refusedCall(read.error, head))
  if (read.kind === 'nonsense') return failed(lostCall('provider_error', read.message, false, head))
  return { ok: true, answer: { ...read.completion, requestId, latencyMs: 0 } }
}

function failureWithout(error: Line['error']): AskFailure {
  const code = error?.code ?? ''
  const message = error?.message ?? 'the line has neither a response nor an error'
  return NOT_TRIED.has(code)
    ? lostCall('batch_unfinished', message, false)
    : lostCall('provider_error', `${code}: ${message}`, false)
}

/** The provider bills no line that failed. */
const failed = (failure: AskFailure): Reply => ({ ok: false, failure: { ...failure, mayBeBilled: false } })
