/** Our runner over no-op tasks: a thread for each shard. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { NoOpShard } from '../generators/no-op-shards.ts'
import type { EngineOrder } from './engine-thread.ts'

interface Input {
  readonly shards: readonly NoOpShard[]
  readonly inFlight: number
  readonly runDir: string
}

const ENTRY = new URL('./engine-thread.ts', import.meta.url)

/** A thread does not take over the loader that lets the benches run from their sources. */
const LOAD_ENTRY = `import('tsx/esm/api').then(({ register }) => { register(); return import('${ENTRY.href}') })`

/** Threads are up and have loaded the program before the clock starts. */
export function prepare({ shards, inFlight, runDir }: Input): Promise<Worker[]> {
  const ready = shards.map(async (shard) => {
    const workerData: EngineOrder = { shard: withKeys(shard), inFlight, runDir }
    const worker = new Worker(LOAD_ENTRY, { eval: true, workerData })
    await once(worker, 'message')
    return worker
  })
  return Promise.all(ready)
}

/** @returns items done */
export async function contend(_: Input, workers: readonly Worker[]): Promise<number> {
  const done = workers.map(async (worker) => {
    worker.postMessage('go')
    const [items] = (await once(worker, 'message')) as [number]
    return items
  })
  return (await Promise.all(done)).reduce((sum, items) => sum + items, 0)
}

/** JSON has no BigInt, so the keys of a shard come as text. */
const withKeys = (shard: NoOpShard): NoOpShard => ({
  ...shard,
  meta: { ...shard.meta, keyFirst: BigInt(shard.meta.keyFirst), keyLast: BigInt(shard.meta.keyLast) },
})
