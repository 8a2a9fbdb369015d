export type Deed<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'late' }
  | { readonly kind: 'stopped' }

/**
 * Does something that may take at most so long, bodies and all.
 *
 * It ends at the deadline also where the deed does not heed its signal. `AbortSignal.any` and `AbortSignal.timeout`
 * are not used: on the oldest Node that we support, a long-lived source keeps every signal derived from it.
 *
 * @param signal the caller's own wish to stop
 */
export async function withDeadline<T>(
  deadlineMs: number,
  signal: AbortSignal,
  deed: (signal: AbortSignal) => Promise<T>,
): Promise<Deed<T>> {
  if (signal.aborted) return { kind: 'stopped' }
  const controller = new AbortController()
  const { promise: ended, resolve: end } = withResolvers<Deed<T>>()
  const stop = (): void => end({ kind: 'stopped' })
  const timer = setTimeout(() => end({ kind: 'late' }), deadlineMs)
  signal.addEventListener('abort', stop, { once: true })
  deed(controller.signal).then(
    (value) => end({ kind: 'done', value }),
    (error: unknown) => end({ kind: 'threw', error }),
  )
  const outcome = await ended
  clearTimeout(timer)
  signal.removeEventListener('abort', stop)
  if (outcome.kind === 'late' || outcome.kind === 'stopped') controller.abort()
  return outcome
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((take) => {
    resolve = take
  })
  return { promise, resolve }
}
