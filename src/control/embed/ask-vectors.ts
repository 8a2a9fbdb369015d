/**
 * Asks for the vectors of a few texts, with the books kept: the reservation is durable before the request leaves, and
 * cost and vectors are before anybody judges them.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Caps, Cost } from '../../../schemas/budget.ts'
import type { Failure } from '../../../schemas/failure.ts'
import { countTry, nextTry, type RetrySettings, type Tries } from '../../llm/backoff.ts'
import { whyGone } from '../../llm/limiter/why-gone.ts'
import { type Booked, bookReply, type Wanted } from './book-vectors.ts'
import type { Embedder } from './embedder.ts'

export interface AskOptions {
  /** @returns the id of the request, or null where the budget has no room for it */
  reserve(worst: Cost): Promise<number | null> | number | null
  /** What was reserved is booked now, at what it cost or may cost. Each reservation hears of it once. */
  landed(): void
  readonly caps: Caps
  /** What ends a request that leaves now. */
  deadline(): AbortSignal
  readonly retry: RetrySettings
  /** Nothing new leaves once it is aborted. */
  readonly signal: AbortSignal
}

type NotAsked = { readonly kind: 'not_asked'; readonly why: 'budget' | 'stopped' }

export type Vectored =
  | (Extract<Booked, { kind: 'stored' }> & { readonly requestId: number })
  | {
      readonly kind: 'failed'
      readonly failure: Failure
      readonly requestId: number
      readonly isOfTexts: boolean
    }
  | NotAsked

export async function askVectors(
  embedder: Embedder,
  wanted: readonly Wanted[],
  options: AskOptions,
): Promise<Vectored> {
  const { limiter, reference } = embedder
  const worst = embedder.meter.worstCase(wanted.reduce((sum, { tokens }) => sum + tokens, 0))
  let tries: Tries = {}
  for (;;) {
    const sent = await send(embedder, wanted, worst, options, Object.keys(tries).length > 0)
    if (sent.kind !== 'failed') return sent
    const { failure, requestId } = sent
    const gone = whyGone(limiter, reference, failure)
    if (gone !== null) return { kind: 'failed', failure: gone, requestId, isOfTexts: false }
    // What fails while a server is down is not the texts' fault, and costs them no try.
    if (!limiter.isServerDown) tries = countTry(tries, failure)
    const next = nextTry(failure, tries, options.retry, Math.random())
    if (next.kind !== 'wait')
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
  embedder: Embedder,
  wanted: readonly Wanted[],
  worst: Cost,
  { reserve, landed, caps, deadline, signal }: AskOptions,
  isRetry: boolean,
): Promise<(Booked & { readonly requestId: number }) | NotAsked> {
  const { limiter, provider, model, config } = embedder
  const demand = { promptTokens: worst.tokens, answerLimitTokens: 0, isRetry }
  const grant = await limiter.enter(demand, signal).catch(() => null) // refused only by the signal
  if (grant === null) return { kind: 'not_asked', why: 'stopped' }
  let requestId: number | null = null
  try {
    requestId = await reserve(worst)
  } finally {
    if (requestId === null) limiter.cancel(grant)
  }
  if (requestId === null) return { kind: 'not_asked', why: signal.aborted ? 'stopped' : 'budget' }
  try {
    limiter.sent(grant)
    const asked = {
      model: model.model,
      texts: wanted.map(({ text }) => text),
      dimensions: config.embeddings.dimensions ?? null,
      clientRequestId: `rff-embedding-${requestId}`,
    }
    const reply = await provider.embed(asked, deadline())
    limiter.leave(grant, reply)
    return { ...bookReply(embedder, { requestId, wanted, worst, caps }, reply), requestId }
  } finally {
    landed()
  }
}
