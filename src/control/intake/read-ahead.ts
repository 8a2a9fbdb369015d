/** An input read in a thread of its own, a few blocks ahead of who settles them. */
import { on } from 'node:events'
import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { RffError } from '../../../schemas/failure.ts'
import { workerFile } from '../../../workers/worker-file.ts'
import { type Block, type ReadOrder, readBlocks } from './read-blocks.ts'
import type { FromReader, ReaderOrder } from './send-blocks.ts'

/** Below, starting the thread takes longer than it saves; a compressed byte becomes several. */
const WORTH_A_THREAD_BYTES = { jsonl: 32 * 2 ** 20, 'jsonl.gz': 8 * 2 ** 20 }

/** A thread cannot load TypeScript, so the program's sources read in the thread they run in. */
const isCompiled = import.meta.url.endsWith('.js')

/**
 * The same blocks as of readBlocks, in the same order.
 *
 * @throws RffError as readBlocks
 */
export function readAhead(order: ReadOrder, threadCount: number): AsyncGenerator<Block> {
  return threadCount > 1 && isCompiled && isWorthAThread(order) ? readInThread(order) : readBlocks(order)
}

/** Standard input belongs to the first thread, and records that are objects are as dear to send as to make. */
function isWorthAThread({ input: { format, file }, isScanned }: ReadOrder): boolean {
  if (!isScanned || (format !== 'jsonl' && format !== 'jsonl.gz')) return false
  return statSync(file).size >= WORTH_A_THREAD_BYTES[format]
}

async function* readInThread(order: ReadOrder): AsyncGenerator<Block> {
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const worker = new Worker(new URL(workerFile('intake')), {
    workerData: { ...order, taken } satisfies ReaderOrder,
  })
  try {
    for await (const [said] of on(worker, 'message', { close: ['exit'] }) as AsyncIterable<[FromReader]>) {
      if (said.kind === 'end') return
      if (said.kind === 'failure') throw new RffError(said.failure.code, said.failure.message)
      Atomics.add(taken, 0, 1)
      Atomics.notify(taken, 0)
      yield said.block
    }
    throw new RffError('internal', `the thread that read ${order.input.path} ended before the input did`)
  } finally {
    await worker.terminate()
  }
}
