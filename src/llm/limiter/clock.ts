/** Time as the limiter needs it: monotonic, in nanoseconds, and the same for all threads of the machine. */
export interface Clock {
  nowNs(): bigint
  /** Calls `wake` once after about so many milliseconds; returns what cancels it. */
  after(ms: number, wake: () => void): () => void
}

export const machineClock: Clock = {
  nowNs: () => process.hrtime.bigint(),
  after: (ms, wake) => {
    const timer = setTimeout(wake, ms)
    return () => clearTimeout(timer)
  },
}
