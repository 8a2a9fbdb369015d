/** pg-boss doing the least that it can for the same: jobs are fetched in batches and completed with an answer. */
import { createRequire } from 'node:module'
import { USER } from '../support/postgres-server.ts'

interface Input {
  readonly socketFolder: string
  readonly items: number
  readonly batchSize: number
}

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

export async function prepare({ socketFolder, items, batchSize }: Input): Promise<Boss> {
  const peers = createRequire(new URL('../peers/package.json', import.meta.url))
  const PgBoss = peers('pg-boss') as BossClass
  const boss = new PgBoss({
    ...{ host: socketFolder, user: USER, database: 'postgres', schema: `round_${process.pid}` },
    ...{ supervise: false, schedule: false },
  })
  boss.on('error', (error) => {
    throw error
  })
  await boss.start()
  await boss.createQueue(QUEUE)
  for (let from = 0; from < items; from += batchSize) {
    const jobs = Array.from({ length: Math.min(batchSize, items - from) }, (_, at) => ({
      name: QUEUE,
      data: { text: `What ${from + at} says. `.padEnd(300, 'It goes on. ') },
    }))
    await boss.insert(jobs)
  }
  return boss
}

/** @returns items done */
export async function contend({ batchSize }: Input, boss: Boss): Promise<number> {
  const answer = { answer: 'x'.repeat(500) }
  let done = 0
  for (;;) {
    const jobs = await boss.fetch(QUEUE, { batchSize })
    if (jobs.length === 0) break
    const ids = jobs.map(({ id }) => id)
    await boss.complete(QUEUE, ids, answer)
    done += jobs.length
  }
  await boss.stop({ graceful: false })
  return done
}
