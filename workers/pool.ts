/** The host's side of the threads: a Piscina pool that is given one shard at a time. */
import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { Steering } from '../schemas/steering.ts'
import type { FromShard, ShardJob, ShardSummary, ToShard } from './protocol.ts'
import { workerFile } from './worker-file.ts'

export interface ShardPool {
  readonly threadCount: number
  /**
   * @param answer what goes back to the shard, if anything does
   * @throws what `answer` threw, once all that is in flight is finished and committed
   */
  run(
    job: Omit<ShardJob, 'steering'>,
    answer: (message: FromShard) => ToShard | undefined,
  ): Promise<ShardSummary>
  /** No new work is begun; what is in flight is finished. */
  drain(): void
  /** Heard by the shards that are worked on now and by those that come. */
  steer(steering: Steering): void
  close(): Promise<void>
}

/**
 * @param threadCount threads, at least 1
 * @param first how it is steered until somebody says otherwise
 */
export function shardPool(threadCount: number, first: Steering): ShardPool {
  const pool = new Piscina<{ job: ShardJob; port: unknown }, ShardSummary>({
    filename: workerFile('shard'),
    minThreads: 1,
    maxThreads: threadCount,
    idleTimeout: Number.POSITIVE_INFINITY,
  })
  const ports = new Set<MessagePortLike>()
  let isDraining = false
  let steering = first
  const drain = (): void => {
    isDraining = true
    for (const port of ports) port.postMessage({ kind: 'drain' } satisfies ToShard)
  }
  return {
    threadCount,
    async run(job, answer) {
      const { port1, port2 } = new MessageChannel()
      let broken: { readonly cause: unknown } | undefined
      port1.on('message', (message: FromShard) => {
        try {
          const reply = answer(message)
          if (reply !== undefined) port1.postMessage(reply)
        } catch (cause) {
          broken ??= { cause }
          drain()
          const refusal = REFUSALS[message.kind]
          if (refusal !== undefined) port1.postMessage(refusal)
        }
      })
      ports.add(port1)
      if (isDraining) port1.postMessage({ kind: 'drain' } satisfies ToShard)
      try {
        const summary = await pool.run({ job: { ...job, steering }, port: port2 }, { transferList: [port2] })
        if (broken !== undefined) throw broken.cause
        return summary
      } finally {
        ports.delete(port1)
        port1.close()
      }
    },
    drain,
    steer(next) {
      steering = next
      for (const port of ports) port.postMessage({ kind: 'steer', steering } satisfies ToShard)
    },
    close: () => pool.close(),
  }
}

/** What a thread is told that asked something which could not be answered; it waits for nothing else. */
const REFUSALS: Partial<Record<FromShard['kind'], ToShard>> = {
  grant_wanted: { kind: 'grant', grant: null },
  window_wanted: { kind: 'window', isOpen: false },
}

interface MessagePortLike {
  postMessage(message: ToShard): void
}
