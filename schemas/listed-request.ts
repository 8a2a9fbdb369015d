/**
 * One line of a provider's list of requests or usage export, whatever the provider calls its columns.
 *
 * | column | also read as |
 * | --- | --- |
 * | `request_id` | `id`, `x_request_id` |
 * | `client_request_id` | `attempt_id`, `x_client_request_id`, `custom_id`; also inside `metadata` |
 * | `model` | |
 * | `service_tier` | `tier` |
 * | `prompt_tokens` | `input_tokens`; also inside `usage` |
 * | `completion_tokens` | `answer_tokens`, `output_tokens`; also inside `usage`; else what `total_tokens` has beyond the prompt |
 * | `cached_tokens` | `input_cached_tokens`; also inside `usage` or `usage.prompt_tokens_details` |
 * | `cost_usd` | `cost`; also inside `usage`. Dollars; what is told here is what it cost |
 * | `created_at` | `created`, `timestamp`: ISO 8601, or seconds or milliseconds since 1970 |
 *
 * A line needs one of the two names, and tokens or a cost.
 */
import * as z from 'zod'
import { bad, good, type Outcome } from './failure.ts'

export interface ListedRequest {
  readonly requestId: string | null
  readonly clientRequestId: string | null
  readonly model: string | null
  /** The tier that answered; null where the list does not tell. */
  readonly serviceTier: string | null
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly answerTokens: number
  /** null where the list tells tokens only. */
  readonly costMicroUsd: number | null
  /** Milliseconds since 1970; null where the list tells no time. */
  readonly atMs: number | null
}

const NAMES = {
  requestId: ['request_id', 'id', 'x_request_id'],
  clientRequestId: ['client_request_id', 'attempt_id', 'x_client_request_id', 'custom_id'],
  model: ['model'],
  serviceTier: ['service_tier', 'tier'],
  promptTokens: ['prompt_tokens', 'input_tokens'],
  answerTokens: ['completion_tokens', 'answer_tokens', 'output_tokens'],
  totalTokens: ['total_tokens'],
  cachedTokens: ['cached_tokens', 'input_cached_tokens'],
  costUsd: ['cost_usd', 'cost'],
  at: ['created_at', 'created', 'timestamp'],
} as const

/** Objects whose columns are read as if they stood in the line itself, outermost first. */
const NESTED = ['metadata', 'usage', 'prompt_tokens_details'] as const

const text = z
  .union([z.string(), z.number().transform(String)])
  .transform((given) => (given.trim() === '' ? null : given.trim()))
  .nullable()
const tokens = z.coerce.number().int().min(0).nullable()
const dollars = z.coerce.number().min(0).nullable()

const fields = z.object({
  requestId: text,
  clientRequestId: text,
  model: text,
  serviceTier: text,
  promptTokens: tokens,
  answerTokens: tokens,
  totalTokens: tokens,
  cachedTokens: tokens,
  costUsd: dollars,
  at: text,
})

/** @returns a failure that names what is wrong with the line */
export function listedRequestOf(line: Readonly<Record<string, unknown>>): Outcome<ListedRequest> {
  const columns = flattened(line)
  const given = Object.fromEntries(
    Object.entries(NAMES).map(([field, names]) => [field, firstOf(columns, names)]),
  )
  const parsed = fields.safeParse(given)
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    return bad('input_unreadable', where)
  }
  const { costUsd, at, totalTokens, ...told } = parsed.data
  const { requestId, clientRequestId, promptTokens, cachedTokens } = told
  // Vectors have no answer tokens, so lists of them leave the column out.
  const answerTokens = told.answerTokens ?? answerIn(totalTokens, promptTokens)
  const atMs = at === null ? null : millisOf(at)
  if (requestId === null && clientRequestId === null) return bad('input_unreadable', 'it names no request')
  if (atMs !== null && Number.isNaN(atMs)) return bad('input_unreadable', `${at} is no time`)
  if ((promptTokens === null || answerTokens === null) && costUsd === null)
    return bad('input_unreadable', 'it tells neither tokens nor a cost')
  return good({
    ...told,
    promptTokens: promptTokens ?? 0,
    cachedTokens: Math.min(cachedTokens ?? 0, promptTokens ?? 0),
    answerTokens: answerTokens ?? 0,
    // A billionth of a micro-dollar is the noise of binary fractions, and no reason to round up.
    costMicroUsd: costUsd === null ? null : Math.ceil(costUsd * 1e6 - 1e-6),
    atMs,
  })
}

const answerIn = (totalTokens: number | null, promptTokens: number | null): number | null =>
  totalTokens === null || promptTokens === null ? null : Math.max(0, totalTokens - promptTokens)

function flattened(line: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let columns: Record<string, unknown> = { ...line }
  for (const name of NESTED) {
    const inner = columns[name]
    if (typeof inner === 'object' && inner !== null) columns = { ...inner, ...columns }
  }
  return columns
}

/** An empty cell tells nothing. */
function firstOf(columns: Readonly<Record<string, unknown>>, names: readonly string[]): unknown {
  const name = names.find((one) => columns[one] !== undefined && columns[one] !== null && columns[one] !== '')
  return name === undefined ? null : columns[name]
}

/** Numbers below this are seconds: as milliseconds they would lie in January 1970. */
const FIRST_MILLIS = 100_000_000_000

function millisOf(at: string): number {
  const number = Number(at)
  if (!Number.isFinite(number)) return Date.parse(at)
  return number < FIRST_MILLIS ? Math.round(number * 1_000) : Math.round(number)
}
