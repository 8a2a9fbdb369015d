/** A thread that adds one to a shared word as often and as fast as it can. */
import { parentPort, workerData } from 'node:worker_threads'
import { openLimitWords } from '../../db/queries/limit-words.ts'

const { path, times } = workerData as { path: string; times: number }
const file = openLimitWords(path)
const words = new BigInt64Array(2)
for (let n = 0; n < times; n += 1) {
  file.change('a', words, () => {
    words[0]! += 1n
  })
}
file.close()
parentPort!.postMessage('done')
