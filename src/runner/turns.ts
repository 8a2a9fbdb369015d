/**
 * Answers of this process come one after the other without a pause, as many as may be under way; meanwhile nothing is
 * committed, no heartbeat is raised and no answer of a model is heard.
 */
/** No answer waits longer for its commit. On an idle machine the rules do some hundred clusters in it. */
const LONGEST_TURN_MS = 50

/** @returns whether this turn of the event loop has lasted that long since it was first asked in it */
export function turnsOf(nowMs: () => number): () => boolean {
  let beganAtMs: number | null = null

  return () => {
    if (beganAtMs === null) {
      beganAtMs = nowMs()
      setImmediate(() => (beganAtMs = null))
    }
    return nowMs() - beganAtMs >= LONGEST_TURN_MS
  }
}
