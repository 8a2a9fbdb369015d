/**
 * Asks for the vectors of a few texts, with the books kept: the reservation is durable before the request leaves, and
 * cost and vectors are before anybody judges them.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Caps, Cost } from '../../../schemas/budget.ts'
import { vectorRequestIdOf } from '../../../schemas/client-request-id.ts'
import type { Failure } from '../../../schemas/failure.ts'
import { countTry, nextTry, type RetrySettings, type Tries } from '../../llm/backoff.ts'
import { whyGone } from '../../llm/limiter/why-gone.ts'
import { type Booked, bookReply, type Wanted } from './book-vectors.ts'
import type { Embedder } from './embedder.ts'

/** A request may leave: its reservation is in the books. */
export interface Departure {
  readonly requestId: number
  /** What was reserved is booked now, at what it cost or may cost. */
  landed(): void
}

export interface AskOptions {
  /** @returns what has no room for it, where something has not */
  depart(worst: Cost): Promise<Departure | NoRoom> | Departure | NoRoom
  readonly caps: Caps
  /** What ends a request that leaves now. */
  deadline(): AbortSignal
  readonly retry: RetrySettings
  /** Nothing new leaves once it is aborted. */
  readonly signal: AbortSignal
}

export type NoRoom = 'budget' | 'window'

type NotAsked = { readonly kind: 'not_asked'; readonly why: NoRoom | 'stopped' }

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
  { depart, caps, deadline, signal }: AskOptions,
  isRetry: boolean,
): Promise<(Booked & { readonly requestId: number }) | NotAsked> {
  const { limiter, provider, model, config } = embedder
  const demand = { promptTokens: worst.tokens, answerLimitTokens: 0, isRetry }
  const grant = await limiter.enter(demand, signal).catch(() => null) // refused only by the signal
  if (grant === null) return { kind: 'not_asked', why: 'stopped' }
  let leave: Departure | NoRoom | null = null
  try {
    leave = await depart(worst)
  } finally {
    if (leave === null || typeof leave === 'string') limiter.cancel(grant)
  }
  if (typeof leave === 'string') return { kind: 'not_asked', why: signal.aborted ? 'stopped' : leave }
  const { requestId, landed } = leave
  try {
    limiter.sent(grant)
    const asked = {
      model: model.model,
      texts: wanted.map(({ text }) => text),
      dimensions: config.embeddings.dimensions ?? null,
      clientRequestId: vectorRequestIdOf(embedder.lineage, requestId),
    }
    const reply = await provider.embed(asked, deadline())
    limiter.leave(grant, reply)
    return { ...bookReply(embedder, { requestId, wanted, worst, caps }, reply), requestId }
  } finally {
    landed()
  }
}
