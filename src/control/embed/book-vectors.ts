/** What a reply cost, and the vectors that it brought, in one commit and before anybody judges them. */
import type { StoredVector } from '../../../db/queries/embeddings.ts'
import type { Caps, Cost } from '../../../schemas/budget.ts'
import type { EmbeddingAnswer, EmbeddingReply } from '../../../schemas/embedding.ts'
import type { Failure, FailureCode } from '../../../schemas/failure.ts'
import type { AskFailure } from '../../../schemas/prompt.ts'
import { bytesOf } from '../../field/search/vector-bits.ts'
import type { FailedTry } from '../../llm/backoff.ts'
import type { Embedder } from './embedder.ts'

/** A text that has no vector yet. */
export interface Wanted {
  readonly text: string
  readonly textDigest: Buffer
  /** At most. */
  readonly tokens: number
}

/** A request that left. */
export interface Departed {
  readonly requestId: number
  readonly wanted: readonly Wanted[]
  readonly worst: Cost
  readonly caps: Caps
}

export type Booked =
  /** overbilled: why no reservation holds against this provider, where none does */
  | { readonly kind: 'stored'; readonly cost: Cost; readonly overbilled: Failure | null }
  | { readonly kind: 'failed'; readonly failure: Failure & FailedTry }

export function bookReply(embedder: Embedder, departed: Departed, reply: EmbeddingReply): Booked {
  if (reply.ok) return bookAnswer(embedder, departed, reply.answer)
  bookFailure(embedder, departed, reply.failure)
  return { kind: 'failed', failure: reply.failure }
}

function bookFailure({ store }: Embedder, { requestId }: Departed, failure: AskFailure): void {
  const { code, mayBeBilled, httpStatus, requestId: providerRequestId = null } = failure
  store.fail({ requestId, state: mayBeBilled ? 'unknown' : 'failed', code, httpStatus, providerRequestId })
}

function bookAnswer(embedder: Embedder, departed: Departed, answer: EmbeddingAnswer): Booked {
  const { requestId, wanted, worst } = departed
  const { vectors, usage, latencyMs, requestId: providerRequestId, model } = answer
  const isBound = usage.isBound === true
  // Where it tells no usage, nobody knows more than when the request left.
  const cost = isBound ? worst : embedder.meter.actual(usage)
  const failure = whyUnusable(embedder, answer)
  const bought =
    failure === null
      ? wanted.map(({ textDigest }, at): StoredVector => ({ textDigest, vector: bytesOf(vectors[at]!) }))
      : []
  const learned = failure === null ? { modelNo: embedder.modelNo, dimensions: vectors[0]!.length } : null
  const settlement = { requestId, cost, isBound, latencyMs, providerRequestId, answeredModel: model }
  embedder.store.settle({ ...settlement, code: failure?.code ?? null }, bought, learned)
  if (failure !== null) return { kind: 'failed', failure }
  return { kind: 'stored', cost, overbilled: overbilledBy(embedder, departed, cost) }
}

function whyUnusable(
  embedder: Embedder,
  { vectors, unusable }: EmbeddingAnswer,
): (Failure & FailedTry) | null {
  if (unusable !== null) return failureOf('embedding_unusable', unusable, false)
  const expected = embedder.dimensionsNow() ?? vectors[0]!.length
  const other = vectors.find((vector) => vector.length !== expected)
  if (other === undefined) return null
  const message = `${embedder.reference} gave a vector of ${other.length} numbers, expected ${expected}`
  return failureOf('embedding_dimensions_differ', message, true)
}

const failureOf = (code: FailureCode, message: string, isSystemic: boolean): Failure & FailedTry => ({
  ...{ code, message, isSystemic },
  retryAfterMs: null,
})

function overbilledBy({ reference }: Embedder, { worst, caps }: Departed, cost: Cost): Failure | null {
  const isBeyondTokens = caps.tokens !== null && cost.tokens > worst.tokens
  if (cost.microUsd <= worst.microUsd && !isBeyondTokens) return null
  const message = `${reference} billed ${cost.tokens} tokens (${cost.microUsd} micro-dollars) for texts that could take ${worst.tokens} (${worst.microUsd}) at most`
  return { code: 'systemic_failure', message }
}
