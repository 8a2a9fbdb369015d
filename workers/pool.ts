/** The host's side of the threads: a Piscina pool that is given one shard at a time. */
import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { FromShard, ShardJob, ShardSummary, ToShard } from './protocol.ts'

export interface ShardPool {
  readonly threadCount: number
  /** @param answer what goes back to the shard, if anything does */
  run(job: ShardJob, answer: (message: FromShard) => ToShard | undefined): Promise<ShardSummary>
  /** No new work is begun; what is in flight is finished. */
  drain(): void
  close(): Promise<void>
}

/** @param threadCount threads, at least 1 */
export function shardPool(threadCount: number): ShardPool {
  const pool = new Piscina<{ job: ShardJob; port: unknown }, ShardSummary>({
    filename: new URL('./shard-worker.js', import.meta.url).href,
    minThreads: 1,
    maxThreads: threadCount,
    idleTimeout: Number.POSITIVE_INFINITY,
  })
  const ports = new Set<MessagePortLike>()
  let isDraining = false
  return {
    threadCount,
    async run(job, answer) {
      const { port1, port2 } = new MessageChannel()
      port1.on('message', (message: FromShard) => {
        const reply = answer(message)
        if (reply !== undefined) port1.postMessage(reply)
      })
      ports.add(port1)
      if (isDraining) port1.postMessage({ kind: 'drain' } satisfies ToShard)
      try {
        return await pool.run({ job, port: port2 }, { transferList: [port2] })
      } finally {
        ports.delete(port1)
        port1.close()
      }
    },
    drain() {
      isDraining = true
      for (const port of ports) port.postMessage({ kind: 'drain' } satisfies ToShard)
    },
    close: () => pool.close(),
  }
}

interface MessagePortLike {
  postMessage(message: ToShard): void
}
