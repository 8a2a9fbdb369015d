/** What a shard file says of itself. */
import { RffError } from '../../schemas/failure.ts'
import { isBusy } from '../is-busy.ts'
import type { Db } from '../open.ts'

export interface ShardMeta {
  readonly lineage: string
  readonly shardNo: number
  readonly keyFirst: bigint
  readonly keyLast: bigint
}

/** Where the file keeps what was counted last: kept-balance.ts. */
export const BALANCE_KEY = 'balance'

export function shardMetaQueries(db: Db) {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?')
  const put = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  const read = (key: string): string | undefined => get.get(key)?.value
  const forget = db.prepare('DELETE FROM meta WHERE key = ?')
  const takeOver = db.transaction((epoch: number): void => {
    const found = Number(read('epoch') ?? 0)
    if (found > epoch)
      throw new RffError('lease_lost', `the shard is at epoch ${found}, this claim is ${epoch}`)
    put.run('epoch', String(epoch))
    forget.run(BALANCE_KEY)
  }).immediate
  return {
    identify({ lineage, shardNo, keyFirst, keyLast }: ShardMeta): void {
      put.run('lineage', lineage)
      put.run('shard_no', String(shardNo))
      put.run('key_first', String(keyFirst))
      put.run('key_last', String(keyLast))
    },
    /** @returns undefined for a file that was never identified */
    identity(): ShardMeta | undefined {
      const lineage = read('lineage')
      if (lineage === undefined) return undefined
      return {
        lineage,
        shardNo: Number(read('shard_no')),
        keyFirst: BigInt(read('key_first') ?? 0),
        keyLast: BigInt(read('key_last') ?? 0),
      }
    },
    planNo: (): number => Number(read('plan_no') ?? 0),
    setPlanNo: (planNo: number): void => void put.run('plan_no', String(planNo)),
    epoch: (): number => Number(read('epoch') ?? 0),
    /**
     * The second half of a claim; the first stands in the control file. What was counted of the shard is forgotten.
     *
     * @throws RffError lease_lost where somebody claimed after us; lock_held where a process that stands still in the
     *   middle of a write does not let go of the file
     */
    takeOver(epoch: number): void {
      try {
        takeOver(epoch)
      } catch (cause) {
        if (!isBusy(cause)) throw cause
        throw new RffError('lock_held', `${db.name} is locked by a process that does not let go of it`, {
          cause,
        })
      }
    },
    /**
     * Called first in every transaction that writes: a worker that slept through its lease changes nothing.
     *
     * @throws RffError lease_lost
     */
    expectEpoch(epoch: number): void {
      const found = Number(read('epoch') ?? 0)
      if (found !== epoch)
        throw new RffError('lease_lost', `the shard is at epoch ${found}, this worker holds ${epoch}`)
    },
  }
}
