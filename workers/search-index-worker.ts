/** Thread entry: makes the search index of a field, and says how far it is. Loaded by URL, never imported. */
import { parentPort, workerData } from 'node:worker_threads'
import { buildIndex, type IndexOrder } from '../src/field/search/build-index.ts'

buildIndex(workerData as IndexOrder, (step) => parentPort!.postMessage(step))
