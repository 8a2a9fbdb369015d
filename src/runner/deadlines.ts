/**
 * Deadlines of requests. Those that leave together have one signal: their intents share a commit, so they leave within a turn
 * of the event loop, and a signal of its own, with timer, weak reference and finaliser, took each a twentieth of its bookkeeping.
 */
import { setMaxListeners } from 'node:events'

/** A listener is found by going through all of them, so they are not too many. */
const MOST_SHARING = 64

/** @returns the deadline of a request that leaves now; it aborts with a TimeoutError */
export function deadlinesOf(deadlineMs: number): () => AbortSignal {
  let current: AbortSignal | null = null
  let sharing = 0

  return () => {
    if (current === null) setImmediate(() => (current = null))
    if (current === null || sharing === MOST_SHARING) {
      current = AbortSignal.timeout(deadlineMs)
      setMaxListeners(0, current)
      sharing = 0
    }
    sharing += 1
    return current
  }
}
