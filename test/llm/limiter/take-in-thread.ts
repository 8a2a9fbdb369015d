/** A thread that takes from a shared bucket as fast as it can, at one moment of a clock that stands still. */
import { parentPort, workerData } from 'node:worker_threads'
import { Bucket } from '../../../src/llm/limiter/bucket.ts'
import { WORDS } from '../../../src/llm/limiter/shared-words.ts'

const { memory, nowNs, tries } = workerData as { memory: SharedArrayBuffer; nowNs: bigint; tries: number }
const bucket = new Bucket(new BigInt64Array(memory), WORDS.requests)
let taken = 0
for (let n = 0; n < tries; n += 1) {
  if (bucket.take(1, nowNs) !== null) continue
  bucket.count(1)
  taken += 1
}
parentPort!.postMessage(taken)
