/**
 * Texts that a model does not take.
 *
 * They are written down only once it has taken another one since: a model that refuses everything says something of the
 * question (a length of vectors that it does not make, say) or of the server, however often it answered before; and what
 * is written down is never asked for again by itself.
 */
import type { Failure } from '../../../schemas/failure.ts'
import type { Embedder } from './embedder.ts'

export interface Refusal {
  readonly requestId: number
  readonly textDigest: Buffer
  readonly failure: Failure
}

/** After so many without an answer it is time to ask for something that is no text of the field. */
const PATIENCE = 8

export function refusals({ store }: Pick<Embedder, 'store'>) {
  let waiting: Refusal[] = []
  let written = 0
  return {
    /** Of those that are written down. */
    get count(): number {
      return written
    },
    get areUnexplained(): boolean {
      return waiting.length > 0
    },
    /** @returns whether so many wait for an answer that one should be asked for */
    add(refusal: Refusal): boolean {
      waiting.push(refusal)
      return waiting.length % PATIENCE === 0
    },
    /** @param requestId of what was answered: it explains what was refused before it left */
    answered(requestId: number): void {
      const explained = waiting.filter((refusal) => refusal.requestId < requestId)
      waiting = waiting.filter((refusal) => refusal.requestId > requestId)
      for (const { failure, ...refusal } of explained)
        store.refuse({ ...refusal, code: failure.code, message: failure.message })
      written += explained.length
    },
  }
}
