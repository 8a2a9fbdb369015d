/** What a model is asked to turn into vectors, and what came back. */
import type { AskFailure, LimitsSeen, Usage } from './prompt.ts'

export interface EmbeddingRequest {
  readonly model: string
  /** Each gets one vector, in this order. */
  readonly texts: readonly string[]
  /** How long the vectors are to be; null leaves it to the model, and nothing is sent. */
  readonly dimensions: number | null
  /** What the provider is to call this one request, where it lists requests by a name of ours. */
  readonly clientRequestId: string
}

/** Paid for, so it is booked before anybody looks at the vectors. */
export interface EmbeddingAnswer {
  /** One per text, in the order of the texts; none where they cannot be used. */
  readonly vectors: readonly Float32Array[]
  /** Why they cannot be used; null where they can. */
  readonly unusable: string | null
  readonly usage: Usage
  /** The model that truly answered, as the provider names it; null where it names none. */
  readonly model: string | null
  readonly requestId: string | null
  readonly latencyMs: number
  readonly limits?: LimitsSeen
}

export type EmbeddingReply = { ok: true; answer: EmbeddingAnswer } | { ok: false; failure: AskFailure }
