/** pg-boss doing the least that it can for the same: jobs are fetched in batches and completed with an answer. */
import { requirePeer } from '../support/peer.ts'
import { USER } from '../support/postgres-server.ts'
import { type PeerInput, peerAnswer, peerItems } from './peer-work.ts'

interface Job {
  readonly id: string
}

/** What of pg-boss is used here; its types are not installed with the program. */
interface Boss {
  on(event: 'error', listener: (error: Error) => void): void
  start(): Promise<unknown>
  stop(options: { graceful: boolean }): Promise<void>
  createQueue(name: string): Promise<void>
  insert(jobs: readonly { name: string; data: object }[]): Promise<void>
  fetch(name: string, options: { batchSize: number }): Promise<Job[]>
  complete(name: string, ids: readonly string[], data: object): Promise<void>
}
type BossClass = new (options: object) => Boss

const QUEUE = 'bench'

export async function prepare({ address, items, batchSize }: PeerInput): Promise<Boss> {
  const PgBoss = requirePeer<BossClass>('pg-boss')
  const boss = new PgBoss({
    ...{ host: address, user: USER, database: 'postgres', schema: `round_${process.pid}` },
    ...{ supervise: false, schedule: false },
  })
  boss.on('error', (error) => {
    throw error
  })
  await boss.start()
  await boss.createQueue(QUEUE)
  for (const batch of peerItems(items, batchSize))
    await boss.insert(batch.map((data) => ({ name: QUEUE, data })))
  return boss
}

/** @returns items done */
export async function contend({ batchSize }: PeerInput, boss: Boss): Promise<number> {
  let done = 0
  for (;;) {
    const jobs = await boss.fetch(QUEUE, { batchSize })
    if (jobs.length === 0) break
    const ids = jobs.map(({ id }) => id)
    await boss.complete(QUEUE, ids, peerAnswer)
    done += jobs.length
  }
  await boss.stop({ graceful: false })
  return done
}
