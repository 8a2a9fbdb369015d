/** graphile-worker doing the least that it can for the same: it deletes a job that is done, so the task keeps the answer. */
import { requirePeer } from '../support/peer.ts'
import { USER } from '../support/postgres-server.ts'
import { type PeerInput, peerAnswer, peerItems } from './peer-work.ts'

interface Pool {
  query(sql: string, values?: readonly unknown[]): Promise<unknown>
  end(): Promise<void>
}

/** What of graphile-worker is used here; its types are not installed with the program. */
interface Graphile {
  runMigrations(options: object): Promise<void>
  run(options: object): Promise<{ stop(): Promise<void> }>
}

interface Helpers {
  query(sql: string, values: readonly unknown[]): Promise<unknown>
  readonly job: { readonly id: string }
}

/** More hinder each other: they meet in one table. */
const JOBS_AT_ONCE = 24
const ADD = "SELECT count(*) FROM json_array_elements($1::json) item, graphile_worker.add_job('item', item)"
const KEEP = 'INSERT INTO bench_answers (job_id, answer) VALUES ($1, $2)'

export async function prepare({ address, items, batchSize }: PeerInput): Promise<Pool> {
  const { Pool } = requirePeer<{ Pool: new (options: object) => Pool }>('pg')
  const pool = new Pool({ host: address, user: USER, database: 'postgres', max: JOBS_AT_ONCE })
  await pool.query('DROP SCHEMA IF EXISTS graphile_worker CASCADE')
  await pool.query('DROP TABLE IF EXISTS bench_answers')
  await pool.query('CREATE TABLE bench_answers (job_id bigint PRIMARY KEY, answer jsonb NOT NULL)')
  const { runMigrations } = requirePeer<Graphile>('graphile-worker')
  await runMigrations({ pgPool: pool })
  for (const batch of peerItems(items, batchSize)) await pool.query(ADD, [JSON.stringify(batch)])
  return pool
}

/** @returns items done */
export async function contend({ items }: PeerInput, pool: Pool): Promise<number> {
  const { run } = requirePeer<Graphile>('graphile-worker')
  let done = 0
  let finish = (): void => undefined
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  async function item(_: unknown, { query, job }: Helpers): Promise<void> {
    await query(KEEP, [job.id, JSON.stringify(peerAnswer)])
    done += 1
    if (done === items) finish()
  }
  const runner = await run({
    pgPool: pool,
    concurrency: JOBS_AT_ONCE,
    noHandleSignals: true,
    logger: new (requirePeer<{ Logger: new (make: () => () => void) => unknown }>('graphile-worker').Logger)(
      () => () => undefined,
    ),
    taskList: { item },
  })
  await finished
  await runner.stop()
  await pool.end()
  return done
}
