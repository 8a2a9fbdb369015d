/**
 * Equal requests of one thread: who comes later waits for the first, and finds its stored answer.
 *
 * Without it, clusters with the same texts would all be asked before the first answer is stored, and paid for each.
 */
export interface RequestsUnderWay {
  /**
   * @param find the stored answer, if there is one by now
   * @param ask only called while nobody else asks the same
   */
  alone<T>(requestKey: string, find: () => Promise<T> | undefined, ask: () => Promise<T>): Promise<T>
}

export function requestsUnderWay(): RequestsUnderWay {
  const underWay = new Map<string, Promise<void>>()
  return {
    async alone(requestKey, find, ask) {
      for (;;) {
        const found = find()
        if (found !== undefined) return found
        const other = underWay.get(requestKey)
        if (other === undefined) break
        await other
      }
      const asked = ask()
      const isOver = asked.then(
        () => undefined,
        () => undefined, // whoever asked hears of it; who waits looks again
      )
      underWay.set(requestKey, isOver)
      try {
        return await asked
      } finally {
        underWay.delete(requestKey)
      }
    },
  }
}
