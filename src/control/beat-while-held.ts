import type { Lease } from './lease.ts'

const BEAT_EVERY_MS = 1_000

/**
 * Raises the heartbeat of what the host itself works on, for observers on other machines.
 *
 * @returns what stops it
 */
export function beatWhileHeld(leases: readonly Lease[]): () => void {
  const timer = setInterval(() => {
    for (const lease of leases) lease.beat()
  }, BEAT_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
