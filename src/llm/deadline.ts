export type Deed<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: unknown }
  /** The signal's time was over. */
  | { readonly kind: 'late' }
  /** The signal was aborted for another reason. */
  | { readonly kind: 'stopped' }

/**
 * Does something until it is done or its signal ends it, whichever is first: also a deed that does not heed the
 * signal, such as the reading of a body that has stalled.
 *
 * @param signal a TimeoutError as its reason, as `AbortSignal.timeout` gives, means that the deadline has passed
 */
export function untilAborted<T>(
  signal: AbortSignal,
  deed: (signal: AbortSignal) => Promise<T>,
): Promise<Deed<T>> {
  const ending = (): Deed<T> => ({ kind: isTimeout(signal.reason) ? 'late' : 'stopped' })
  if (signal.aborted) return Promise.resolve(ending())
  return new Promise((resolve) => {
    const end = (outcome: Deed<T>): void => {
      signal.removeEventListener('abort', stop)
      resolve(outcome)
    }
    const stop = (): void => end(ending())
    signal.addEventListener('abort', stop, { once: true })
    deed(signal).then(
      (value) => end({ kind: 'done', value }),
      // A deed that heeds the signal throws because of it, perhaps before our own listener is called.
      (error: unknown) => end(signal.aborted ? ending() : { kind: 'threw', error }),
    )
  })
}

const isTimeout = (reason: unknown): boolean => reason instanceof Error && reason.name === 'TimeoutError'
