/** BullMQ doing the least that it can for the same: a worker whose jobs end with an answer, kept by Redis. */
import { requirePeer } from '../support/peer.ts'
import { type PeerInput, peerAnswer, peerItems } from './peer-work.ts'

/** What of BullMQ is used here; its types are not installed with the program. */
interface Bull {
  readonly Queue: new (
    name: string,
    options: object,
  ) => {
    addBulk(jobs: readonly { name: string; data: object }[]): Promise<unknown>
    close(): Promise<void>
  }
  readonly Worker: new (
    name: string,
    work: () => Promise<object>,
    options: object,
  ) => {
    on(event: 'completed', listener: () => void): void
    on(event: 'error', listener: (error: Error) => void): void
    close(isForced: boolean): Promise<void>
  }
}

const queueName = `bench-${process.pid}`

export async function prepare({ address, items, batchSize }: PeerInput): Promise<Bull> {
  const bull = requirePeer<Bull>('bullmq')
  const queue = new bull.Queue(queueName, { connection: { path: address } })
  for (const batch of peerItems(items, batchSize))
    await queue.addBulk(batch.map((data) => ({ name: 'item', data })))
  await queue.close()
  return bull
}

/** @returns items done */
export async function contend({ address, items, batchSize }: PeerInput, { Worker }: Bull): Promise<number> {
  const connection = { path: address, maxRetriesPerRequest: null }
  const worker = new Worker(queueName, () => Promise.resolve(peerAnswer), {
    connection,
    concurrency: batchSize,
  })
  let done = 0
  await new Promise<void>((resolve, reject) => {
    worker.on('error', reject)
    worker.on('completed', () => {
      done += 1
      if (done === items) resolve()
    })
  })
  await worker.close(true)
  return done
}
