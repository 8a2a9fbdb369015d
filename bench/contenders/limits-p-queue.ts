/** The `openai` package in a p-queue, with the interval cap that an attentive user would compute. */
import {
  inWorkersThrough,
  type LimitsInput,
  type LimitsOutput,
  TOKENS_PER_CALL,
} from '../support/limits-load.ts'
import { peer } from '../support/peer.ts'

/** What of p-queue is used here. */
interface Queue {
  add<T>(deed: () => Promise<T>): Promise<T>
}
type QueueClass = new (options: { concurrency: number; interval: number; intervalCap: number }) => Queue

export const prepare = async (): Promise<QueueClass> =>
  (await peer<{ default: QueueClass }>('p-queue')).default

export function contend(input: LimitsInput, PQueue: QueueClass): Promise<LimitsOutput> {
  const intervalCap = Math.max(1, Math.floor(input.tokensPerMinute / 60 / TOKENS_PER_CALL))
  const queue = new PQueue({ concurrency: 2_000, interval: 1_000, intervalCap })
  return inWorkersThrough((call) => queue.add(call), input)
}
