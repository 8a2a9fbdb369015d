/** How fast something goes now: over the last half minute, not since the beginning, or a pause would be in it for ever. */
export interface RateMeter {
  /** @param done in all, by now */
  note(atMs: number, done: number): void
  perSecond(): number
}

const WINDOW_MS = 30_000
const LEAST_MS = 500

export function rateMeter(startedAtMs: number): RateMeter {
  let samples = [{ atMs: startedAtMs, done: 0 }]
  return {
    note(atMs, done) {
      // The last one that is older than the window stays: the rate is measured from there.
      const firstInside = samples.findIndex((sample) => sample.atMs > atMs - WINDOW_MS)
      samples = samples.slice(Math.max(0, firstInside === -1 ? samples.length - 1 : firstInside - 1))
      samples.push({ atMs, done })
    },
    perSecond() {
      const [first] = samples
      const last = samples.at(-1)!
      return ((last.done - first!.done) * 1_000) / Math.max(LEAST_MS, last.atMs - first!.atMs)
    },
  }
}
