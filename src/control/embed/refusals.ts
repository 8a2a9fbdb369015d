/**
 * Texts that a model does not take.
 *
 * They are written down only once the model has taken another one: a server that refuses everything says something of
 * the question (a length of vectors that it does not make, say), and then nothing is set aside.
 */
import type { Failure } from '../../../schemas/failure.ts'
import type { Embedder } from './embedder.ts'

export interface Refusal {
  readonly requestId: number
  readonly textDigest: Buffer
  readonly failure: Failure
}

const PATIENCE = 8

export function refusals({ store }: Pick<Embedder, 'store'>, hasAnsweredBefore: boolean) {
  let hasAnswered = hasAnsweredBefore
  let waiting: Refusal[] = []
  let written = 0
  const write = ({ requestId, textDigest, failure: { code, message } }: Refusal): void => {
    store.refuse({ requestId, textDigest, code, message })
    written += 1
  }
  return {
    get count(): number {
      return written
    },
    /** @returns the failure where so many came without an answer that it is not about the texts */
    add(refusal: Refusal): Failure | null {
      if (hasAnswered) write(refusal)
      else waiting.push(refusal)
      return waiting.length < PATIENCE ? null : refusal.failure
    },
    answered(): void {
      hasAnswered = true
      waiting.forEach(write)
      waiting = []
    },
    /** What was refused while nothing at all was answered; null where there is no such thing. */
    unexplained: (): Failure | null => waiting[0]?.failure ?? null,
  }
}
