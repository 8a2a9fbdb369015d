/** What a 200 truly holds: an answer, or an error, or something that is not a completion at all. */
import * as z from 'zod'
import type { FinishReason, Request, Usage } from '../../schemas/prompt.ts'
import { byteBound, promptTokensAtMost } from './count-tokens.ts'
import type { ReportedError } from './judge-error.ts'
import { reportedErrorIn } from './reported-error.ts'

const count = z.number().int().min(0).nullish()

const completionSchema = z.object({
  model: z.string().nullish(),
  service_tier: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      cost: z.number().min(0).nullish(),
      prompt_tokens_details: z.object({ cached_tokens: count, cache_write_tokens: count }).nullish(),
    })
    .nullish(),
})

export interface CompletionRead {
  readonly text: string
  readonly finishReason: FinishReason
  readonly usage: Usage
  readonly model: string
  readonly serviceTier?: string
}

export type BodyRead =
  | { readonly kind: 'completion'; readonly completion: CompletionRead }
  | { readonly kind: 'error'; readonly error: ReportedError }
  | { readonly kind: 'nonsense'; readonly message: string }

/** @param body what the response's body parsed to; a string where it was not JSON */
export const readCompletion = (body: unknown, request: Request): BodyRead =>
  readCompletionOf(body, { model: request.model, usageBound: () => usageBoundOf(request) })

/** What must be known of a request to read its answer. */
export interface Expected {
  readonly model: string
  /** The most that an answer without usage can have been. */
  usageBound(): Usage
}

export function readCompletionOf(body: unknown, expected: Expected): BodyRead {
  if (typeof body === 'string') return { kind: 'nonsense', message: 'the body of a 200 is not JSON' }
  const error = reportedErrorIn(body, 502)
  if (error !== null) return { kind: 'error', error }
  const parsed = completionSchema.safeParse(body)
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path }) => path.join('.')).join(', ')
    return { kind: 'nonsense', message: `the body of a 200 is not a completion: ${where}` }
  }
  const { choices, usage, model, service_tier } = parsed.data
  const { message, finish_reason } = choices[0]!
  const text = message.content ?? message.refusal ?? ''
  const isRefusal = message.refusal !== null && message.refusal !== undefined && message.refusal !== ''
  return {
    kind: 'completion',
    completion: {
      text,
      finishReason: isRefusal ? 'refusal' : finishReasonOf(finish_reason),
      usage: usageOf(usage, expected),
      model: model ?? expected.model,
      ...(service_tier == null ? {} : { serviceTier: service_tier }),
    },
  }
}

function finishReasonOf(reason: string | null | undefined): FinishReason {
  return reason === 'stop' || reason === 'length' || reason === 'content_filter' ? reason : 'other'
}

/** An answer without usage was billed all the same, so the most that it can have been is booked. */
function usageOf(usage: z.infer<typeof completionSchema>['usage'], { usageBound }: Expected): Usage {
  const promptTokens = usage?.prompt_tokens
  const answerTokens = usage?.completion_tokens
  if (promptTokens == null || answerTokens == null) return usageBound()
  const details = usage?.prompt_tokens_details
  const cachedTokens = Math.min(promptTokens, details?.cached_tokens ?? 0)
  const cacheWriteTokens = details?.cache_write_tokens
  const cost = usage?.cost
  return {
    promptTokens,
    cachedTokens,
    ...(cacheWriteTokens == null ? {} : { cacheWriteTokens }),
    answerTokens,
    ...(cost == null ? {} : { reportedMicroUsd: microUsdRoundedUp(cost) }),
  }
}

/** Binary fractions lie a little beside the decimal ones, so a billionth of a dollar's millionth is no reason to round up. */
const microUsdRoundedUp = (usd: number): number => Math.max(0, Math.ceil(usd * 1e6 - 1e-6))

export function usageBoundOf(request: Request): Usage {
  const promptTokens = promptTokensAtMost(request, byteBound)
  return { promptTokens, cachedTokens: 0, answerTokens: request.answerLimitTokens, isBound: true }
}
