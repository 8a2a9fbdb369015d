/**
 * Outcomes on their way to the disk. Whoever worked on a cluster does not wait for its outcome before the next question:
 * the answer is stored already, so an outcome that is lost is judged again for nothing, and one commit holds it together
 * with the next intents.
 */
export interface PendingOutcomes {
  /** Waits only where too many are pending. @throws what kept this one from being written, in that case */
  add(outcome: Promise<void>): Promise<void>
  /** @throws what kept the first of them from being written */
  allWritten(): Promise<void>
}

/** @param most so many may be pending */
export function pendingOutcomes(most: number): PendingOutcomes {
  const pending = new Set<Promise<void>>()
  return {
    async add(outcome) {
      pending.add(outcome)
      outcome.then(
        () => pending.delete(outcome),
        () => undefined, // it stays, and allWritten tells
      )
      if (pending.size > most) await outcome
    },
    async allWritten() {
      await Promise.all(pending)
    },
  }
}
