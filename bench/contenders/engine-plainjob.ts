/** plainjob doing the least that it can for the same: it keeps no answers, so they go into a table beside its own. */
import Database from 'better-sqlite3'
import { peer } from '../support/peer.ts'
import { type PeerInput, peerAnswer, peerItems } from './peer-work.ts'

/** What of plainjob is used here; it comes as an ES module, and its types are not installed with the program. */
interface Plainjob {
  better(db: Database.Database): unknown
  defineQueue(options: object): {
    addMany(type: string, items: readonly object[]): unknown
    getAndMarkJobAsProcessing(type: string): { id: number } | undefined
    markJobAsDone(id: number): void
    close(): void
  }
}

interface Prepared {
  readonly db: Database.Database
  readonly queue: ReturnType<Plainjob['defineQueue']>
}

export async function prepare({ address, items, batchSize }: PeerInput): Promise<Prepared> {
  const { better, defineQueue } = await peer<Plainjob>('plainjob')
  const db = new Database(address)
  const say = () => undefined
  const queue = defineQueue({
    connection: better(db),
    logger: { error: say, warn: say, info: say, debug: say },
  })
  db.pragma('synchronous = FULL')
  db.exec('CREATE TABLE answers (job_id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT')
  for (const batch of peerItems(items, batchSize)) queue.addMany('item', batch)
  return { db, queue }
}

/** Its worker takes jobs one by one, so every step is a commit; here the same calls share one for a batch. */
export async function contend({ batchSize }: PeerInput, { db, queue }: Prepared): Promise<number> {
  const keep = db.prepare('INSERT INTO answers (job_id, body) VALUES (?, ?)')
  const take = db.transaction((): number[] => {
    const ids: number[] = []
    while (ids.length < batchSize) {
      const job = queue.getAndMarkJobAsProcessing('item')
      if (job === undefined) break
      ids.push(job.id)
    }
    return ids
  })
  const answer = JSON.stringify(peerAnswer)
  const keepAll = db.transaction((ids: readonly number[]) => {
    for (const id of ids) keep.run(id, answer)
  })
  const finish = db.transaction((ids: readonly number[]) => {
    for (const id of ids) queue.markJobAsDone(id)
  })
  let done = 0
  for (let ids = take.immediate(); ids.length > 0; ids = take.immediate()) {
    keepAll.immediate(ids)
    finish.immediate(ids)
    done += ids.length
  }
  queue.close()
  db.close()
  return done
}
