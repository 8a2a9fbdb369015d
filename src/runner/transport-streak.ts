/**
 * Tells a bad cluster from a server that is gone, over all threads of a process.
 *
 * A cluster that gets no answer is given up only if the server answered somebody else meanwhile. A streak of different
 * clusters without any success between them is a systemic failure.
 */
const SUCCESSES = 0
const STREAK = 1
const UNANSWERED = 2

/** So many streaks, with a server that is there between them and answers no cluster: it will not answer the others either. */
const MOST_STREAKS = 2

export const newSignals = (): SharedArrayBuffer => new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)

export interface TransportStreak {
  succeeded(): void
  /** The server is there, but this was no answer to a cluster. */
  sawSignOfLife(): void
  /** @returns whether the streak is now long enough to be systemic */
  clusterFailed(): boolean
  /** Clusters since the last success, if they are so many that signs of life no longer count; otherwise 0. */
  hopelessCount(): number
  successCount(): number
}

/** @param systemicStreak clusters in a row, at least 1 */
export function transportStreak(signals: SharedArrayBuffer, systemicStreak: number): TransportStreak {
  const counters = new Int32Array(signals)
  return {
    succeeded() {
      Atomics.add(counters, SUCCESSES, 1)
      Atomics.store(counters, STREAK, 0)
      Atomics.store(counters, UNANSWERED, 0)
    },
    sawSignOfLife: () => void Atomics.store(counters, STREAK, 0),
    clusterFailed() {
      Atomics.add(counters, UNANSWERED, 1)
      return Atomics.add(counters, STREAK, 1) + 1 >= systemicStreak
    },
    hopelessCount() {
      const unanswered = Atomics.load(counters, UNANSWERED)
      return unanswered >= MOST_STREAKS * systemicStreak ? unanswered : 0
    },
    successCount: () => Atomics.load(counters, SUCCESSES),
  }
}
