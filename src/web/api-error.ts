/** What went wrong, as the page is told it. */
import type { Context } from 'hono'
import type * as z from 'zod'
import { asFailure } from '../../schemas/as-failure.ts'
import { FAILURES, type FailureCode, RffError } from '../../schemas/failure.ts'
import type { apiErrorSchema } from '../../schemas/page/trouble.ts'

export type ApiError = z.infer<typeof apiErrorSchema>

const STATUS: Partial<Record<FailureCode, 400 | 404 | 409>> = {
  usage: 400,
  config_invalid: 400,
  not_found: 404,
  field_missing: 404,
  workspace_missing: 404,
  shard_unknown: 404,
  lock_held: 409,
  case_decided: 409,
}

export function answerError(cause: Error, c: Context): Response {
  const code = cause instanceof RffError ? cause.code : asFailure(cause).code
  const message = cause instanceof RffError ? cause.message : (cause.message ?? String(cause))
  return c.json<ApiError>({ error: { code, message, hint: FAILURES[code].hint } }, STATUS[code] ?? 500)
}
