/**
 * Work that goes on: await it for its result, or walk through its progress while it does.
 *
 *     for await (const progress of run({ workspace: 'rff' })) console.log(progress)
 *
 * It is under way from the start, whether anybody looks or not. Who looks seldom sees the newest of what happened.
 */
export interface Job<Progress, Result> extends AsyncIterable<Progress>, PromiseLike<Result> {
  /** The same promise as `await` gives. */
  readonly result: Promise<Result>
}

/** Progress that nobody has looked at yet, the oldest is let go first. */
const MOST_KEPT = 256

export function job<Progress, Result>(
  work: (tell: (progress: Progress) => void) => Promise<Result>,
): Job<Progress, Result> {
  const kept: Progress[] = []
  let wake = (): void => undefined
  const result = work((progress) => {
    kept.push(progress)
    if (kept.length > MOST_KEPT) kept.shift()
    wake()
  })
  let isOver = false
  const end = (): void => {
    isOver = true
    wake()
  }
  result.then(end, end) // so a failure that only the walker hears of is no unhandled one

  async function* walk(): AsyncGenerator<Progress, void, undefined> {
    for (;;) {
      while (kept.length > 0) yield kept.shift()!
      if (isOver) break
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    await result
  }
  return {
    result,
    // biome-ignore lint/suspicious/noThenProperty: a job is awaited
    then: (done, failed) => result.then(done, failed),
    [Symbol.asyncIterator]: walk,
  }
}
