/**
 * Requests that are on their way: whoever finds no room in the budget waits for one of them to cost less than its worst
 * case.
 *
 * It lands as soon as its reply is booked, before anybody waits to try it again: who waits for room holds a place of the
 * limiter, and the next try may need that very place.
 */
export function flights() {
  let inFlight = 0
  let waiting: (() => void)[] = []
  return {
    /** What its request cost, or may cost, is booked. */
    land(): void {
      inFlight -= 1
      const awake = waiting
      waiting = []
      for (const wake of awake) wake()
    },
    /**
     * @param reserve null where there is no room
     * @returns null where there is none and nothing is on its way that could give some back
     */
    async takeOff(signal: AbortSignal, reserve: () => number | null): Promise<number | null> {
      while (!signal.aborted) {
        const requestId = reserve()
        if (requestId !== null) {
          inFlight += 1
          return requestId
        }
        if (inFlight === 0) return null
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
      return null
    },
  }
}
