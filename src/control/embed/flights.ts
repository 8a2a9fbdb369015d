/** Requests that are on their way: whoever finds no room in the budget waits for one of them to cost less than its worst case. */
export interface Flight {
  isOn: boolean
}

export function flights() {
  let inFlight = 0
  const land = (flight: Flight): void => {
    if (flight.isOn) inFlight -= 1
    flight.isOn = false
  }
  return {
    land,
    /**
     * @param reserve null where there is no room
     * @param settling settles as soon as anybody's request has
     * @returns null where there is none and nothing is on its way that could give some back
     */
    async takeOff(
      flight: Flight,
      signal: AbortSignal,
      reserve: () => number | null,
      settling: () => Promise<unknown>,
    ): Promise<number | null> {
      land(flight) // a request that goes again is not on its way now
      while (!signal.aborted) {
        const requestId = reserve()
        if (requestId !== null) {
          flight.isOn = true
          inFlight += 1
          return requestId
        }
        if (inFlight === 0) return null
        await settling()
      }
      return null
    },
  }
}
