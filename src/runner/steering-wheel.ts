/** What a person wants of the pace, as a thread hears of it while it works. */
import type { Steering } from '../../schemas/steering.ts'

export interface SteeringWheel {
  now(): Steering
  turn(steering: Steering): void
  /** @param whenTurned called at each turn; returns what ends that */
  onTurn(whenTurned: () => void): () => void
}

export function steeringWheel(first: Steering): SteeringWheel {
  let now = first
  const listeners = new Set<() => void>()
  return {
    now: () => now,
    turn(steering) {
      now = steering
      for (const heed of [...listeners]) heed()
    },
    onTurn(whenTurned) {
      listeners.add(whenTurned)
      return () => void listeners.delete(whenTurned)
    },
  }
}
