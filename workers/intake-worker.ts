/** Thread entry of intake: reads an input ahead of who stores it. Loaded by URL, never imported. */
import { parentPort, workerData } from 'node:worker_threads'
import { type ReaderOrder, sendBlocks } from '../src/control/intake/send-blocks.ts'

await sendBlocks(workerData as ReaderOrder, (message, transferred) =>
  parentPort!.postMessage(message, transferred),
)
