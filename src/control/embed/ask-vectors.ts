/**
 * Asks for the vectors of a few texts, with the books kept: the reservation is durable before the request leaves, and
 * cost and vectors are before anybody looks at them.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { StoredVector } from '../../../db/queries/embeddings.ts'
import type { Caps, Cost } from '../../../schemas/budget.ts'
import type { EmbeddingAnswer, EmbeddingReply } from '../../../schemas/embedding.ts'
import type { Failure } from '../../../schemas/failure.ts'
import { bytesOf } from '../../field/search/vector-bits.ts'
import { countTry, nextTry, type RetrySettings, type Tries } from '../../llm/backoff.ts'
import { dimensionsOf, type Embedder } from './embedder.ts'

/** A text that has no vector yet. */
export interface Wanted {
  readonly text: string
  readonly textDigest: Buffer
  /** At most. */
  readonly tokens: number
}

export interface AskOptions {
  /** @returns the id of the request, or null where the budget has no room for it */
  reserve(worst: Cost): Promise<number | null> | number | null
  readonly caps: Caps
  readonly deadlineMs: number
  readonly retry: RetrySettings
  /** Nothing new leaves once it is aborted. */
  readonly signal: AbortSignal
}

export type Vectored =
  /** overbilled: why no reservation holds against this provider, where none does */
  | { readonly kind: 'stored'; readonly cost: Cost; readonly overbilled: Failure | null }
  | {
      readonly kind: 'failed'
      readonly failure: Failure
      readonly requestId: number
      readonly isOfTexts: boolean
    }
  | { readonly kind: 'not_asked'; readonly why: 'budget' | 'stopped' }

export async function askVectors(
  embedder: Embedder,
  wanted: readonly Wanted[],
  options: AskOptions,
): Promise<Vectored> {
  const worst = embedder.meter.worstCase(wanted.reduce((sum, { tokens }) => sum + tokens, 0))
  let tries: Tries = {}
  for (;;) {
    const sent = await send(embedder, wanted, worst, options, Object.keys(tries).length > 0)
    if (!('reply' in sent)) return sent
    const { reply, requestId } = sent
    if (reply.ok) return book(embedder, wanted, worst, options.caps, requestId, reply.answer)
    const { failure } = reply
    if (!embedder.limiter.isServerDown) tries = countTry(tries, failure)
    const next = nextTry(failure, tries, options.retry, Math.random())
    if (next.kind !== 'wait' || options.signal.aborted)
      return { kind: 'failed', failure, requestId, isOfTexts: OF_TEXTS.has(failure.code) }
    await sleep(next.waitMs, undefined, { signal: options.signal }).catch(() => undefined)
  }
}

/** What says something of the texts and nothing of the server. */
const OF_TEXTS: ReadonlySet<string> = new Set([
  'request_too_large',
  'provider_rejected',
  'answer_filtered',
  'embedding_unusable',
])

async function send(
  { limiter, provider, model, dimensions, store }: Embedder,
  wanted: readonly Wanted[],
  worst: Cost,
  { reserve, deadlineMs, signal }: AskOptions,
  isRetry: boolean,
): Promise<{ reply: EmbeddingReply; requestId: number } | Extract<Vectored, { kind: 'not_asked' }>> {
  const demand = { promptTokens: worst.tokens, answerLimitTokens: 0, isRetry }
  const grant = await limiter.enter(demand, signal).catch(() => null) // refused only by the signal
  if (grant === null) return { kind: 'not_asked', why: 'stopped' }
  const requestId = await reserve(worst)
  if (requestId === null) {
    limiter.cancel(grant)
    return { kind: 'not_asked', why: 'budget' }
  }
  limiter.sent(grant)
  const texts = wanted.map(({ text }) => text)
  const clientRequestId = `rff-embedding-${requestId}`
  const reply = await provider.embed(
    { model, texts, dimensions, clientRequestId },
    AbortSignal.timeout(deadlineMs),
  )
  limiter.leave(grant, reply)
  if (!reply.ok) {
    const { code, mayBeBilled, httpStatus, requestId: providerRequestId = null } = reply.failure
    store.fail({ requestId, state: mayBeBilled ? 'unknown' : 'failed', code, httpStatus, providerRequestId })
  }
  return { reply, requestId }
}

function book(
  embedder: Embedder,
  wanted: readonly Wanted[],
  worst: Cost,
  caps: Caps,
  requestId: number,
  { vectors, usage, latencyMs, requestId: providerRequestId }: EmbeddingAnswer,
): Vectored {
  const { store, meter, reference, modelNo } = embedder
  const expected = dimensionsOf(embedder) ?? embedder.dimensions ?? vectors[0]!.length
  const other = vectors.find((vector) => vector.length !== expected)
  const cost = meter.actual(usage)
  const code = other === undefined ? null : 'embedding_dimensions_differ'
  const bought =
    other === undefined
      ? wanted.map(({ textDigest }, at): StoredVector => ({ textDigest, vector: bytesOf(vectors[at]!) }))
      : []
  const learned = other === undefined ? { modelNo, dimensions: expected } : null
  store.settle({ requestId, cost, latencyMs, providerRequestId, code }, bought, learned)
  if (other !== undefined) {
    const message = `${reference} gave a vector of ${other.length} numbers, expected ${expected}`
    return failed('embedding_dimensions_differ', message, requestId)
  }
  const isBeyondTokens = caps.tokens !== null && cost.tokens > worst.tokens
  if (cost.microUsd <= worst.microUsd && !isBeyondTokens) return { kind: 'stored', cost, overbilled: null }
  const message = `${reference} billed ${cost.tokens} tokens (${cost.microUsd} micro-dollars) for texts that could take ${worst.tokens} (${worst.microUsd}) at most`
  return { kind: 'stored', cost, overbilled: { code: 'systemic_failure', message } }
}

const failed = (code: Failure['code'], message: string, requestId: number): Vectored => ({
  kind: 'failed',
  failure: { code, message },
  requestId,
  isOfTexts: false,
})
