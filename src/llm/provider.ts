/** What a provider is: something that answers requests. Failures come back as data; nothing here throws. */

import type { EmbeddingReply, EmbeddingRequest } from '../../schemas/embedding.ts'
import type { Reply, Request } from '../../schemas/prompt.ts'
import type { BatchApi } from './batch/batch-api.ts'

export type Provider = LocalProvider | RemoteProvider

/** Computed in this process: free, deterministic, nothing is in flight, so a crash cannot leave it unpaid for. */
export interface LocalProvider {
  readonly kind: 'local'
  readonly name: string
  answer(request: Request): Reply
}

export interface RemoteProvider {
  readonly kind: 'remote'
  readonly name: string
  /** One request and no retry of its own: every request that leaves is booked by the caller. */
  ask(request: Request, signal: AbortSignal): Promise<Reply>
  /** Turns texts into vectors; as `ask`, one request and no retry. Missing where the provider has no such thing. */
  embed?(request: EmbeddingRequest, signal: AbortSignal): Promise<EmbeddingReply>
  /** A free question (the list of models) that tells whether the server is there at all. */
  probe(signal: AbortSignal): Promise<boolean>
  /** Where the provider takes requests as files, at half price. */
  readonly batches?: BatchApi
}
