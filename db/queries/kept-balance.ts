/**
 * What was counted of a shard when its last writer had finished, kept in the file: who looks at hundreds of them need not
 * count millions of rows each time.
 *
 * It is there only while nobody writes. Whoever takes the shard over removes it in the same commit (`takeOver`), and keeps
 * a new one as the last thing; a writer that was killed leaves none, and the rows are counted. `audit` counts them always.
 */
import * as z from 'zod'
import { shardCensusSchema } from '../../schemas/output/status.ts'
import type { Db } from '../open.ts'
import { countUse, type RunUse } from './run-use.ts'
import { countCensus, type ShardCensus } from './shard-census.ts'
import { BALANCE_KEY } from './shard-meta.ts'

export interface ShardBalance {
  readonly census: ShardCensus
  /** In the order of runs. */
  readonly use: readonly RunUse[]
}

const amount = z.int().min(0)
const balanceSchema = z.strictObject({
  census: shardCensusSchema,
  use: z.array(z.strictObject({ runId: amount, calls: amount, tokens: amount, microUsd: amount })),
})

export const shardCensus = (db: Db): ShardCensus => keptBalance(db)?.census ?? countCensus(db)

export const shardBalance = (db: Db): ShardBalance => keptBalance(db) ?? countBalance(db)

/**
 * The last thing that a writer does.
 *
 * @param guard throws where the shard was taken over: then it is the other's to count
 */
export function keepBalance(db: Db, guard: () => void): void {
  const put = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  const keep = db.transaction(() => {
    guard()
    put.run(BALANCE_KEY, JSON.stringify(countBalance(db)))
  })
  keep.immediate()
}

const countBalance = (db: Db): ShardBalance => ({ census: countCensus(db), use: countUse(db) })

/** @returns undefined too for one that another version kept, of other figures */
function keptBalance(db: Db): ShardBalance | undefined {
  const text = db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(BALANCE_KEY) as
    | string
    | undefined
  return text === undefined ? undefined : balanceSchema.safeParse(JSON.parse(text)).data
}
