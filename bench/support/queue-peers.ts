/** The queues that other people use for the same. Installed by `npm run bench:peers`; those that are not are named. */
import type { Contender } from './race.ts'

export interface QueuePeers {
  readonly contenders: readonly Contender[]
  readonly absent: readonly string[]
}

export const queuePeers = (_folder: string, _items: number): QueuePeers => ({
  contenders: [],
  absent: ['pg-boss', 'bullmq'],
})
