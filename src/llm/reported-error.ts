import * as z from 'zod'
import type { ReportedError } from './judge-error.ts'

const errorSchema = z.object({
  message: z.string().catch(''),
  code: z.union([z.string(), z.number()]).nullish().catch(null),
  type: z.string().nullish().catch(null),
  param: z.string().nullish().catch(null),
  metadata: z.object({ reasons: z.unknown().optional() }).nullish().catch(null),
})

/** Where an error may stand: under `error`, in the first choice (an answer that broke off), or flat in the body. */
const bodySchema = z.object({
  error: z.unknown().optional(),
  object: z.unknown().optional(),
  choices: z
    .array(z.object({ error: z.unknown().optional() }))
    .optional()
    .catch(undefined),
})

/**
 * @param status the status of the response, or what to take it for where a 200 holds an error without a number
 * @returns null where the body reports none
 */
export function reportedErrorIn(body: unknown, status: number): ReportedError | null {
  const parsed = bodySchema.safeParse(body)
  if (!parsed.success) return null
  const { error, object, choices } = parsed.data
  const found = error ?? choices?.[0]?.error ?? (object === 'error' ? body : null)
  if (found === null || found === undefined) return null
  return errorFrom(found, status)
}

/**
 * What a response that is no success says. Most servers say it under `error`, older vLLM and FastAPI ones flat, and
 * gateways as a page.
 *
 * @param body what it parsed to; a string where it was not JSON
 * @param status of the response, whatever the body says of another one
 */
export function errorOf(body: unknown, status: number): ReportedError {
  if (typeof body !== 'object' || body === null) return errorFrom(`${status} ${String(body)}`.trim(), status)
  const nested = 'error' in body ? body.error : null
  const flat = 'message' in body ? body : { ...body, message: JSON.stringify(body).slice(0, 1_000) }
  return { ...errorFrom(nested ?? flat, status), status }
}

/** @param found the error object itself, in whatever shape, or a bare sentence */
export function errorFrom(found: unknown, status: number): ReportedError {
  const parsed = errorSchema.safeParse(typeof found === 'string' ? { message: found } : found)
  if (!parsed.success)
    return { status, message: '', code: null, type: null, param: null, hasModerationReasons: false }
  const { message, code, type, param, metadata } = parsed.data
  return {
    // Routers put the status that their own upstream gave into the code.
    status: typeof code === 'number' && code >= 400 && code < 600 ? code : status,
    message,
    code: typeof code === 'string' ? code : null,
    type: type ?? null,
    param: param ?? null,
    hasModerationReasons: metadata?.reasons !== undefined,
  }
}
