/** Which shard holds which range of keys. */
import type { Db } from '../open.ts'

export interface ShardRow {
  readonly shardNo: number
  readonly keyFirst: bigint
  readonly keyLast: bigint
  readonly state: 'ready' | 'split' | 'damaged'
}

export function shardQueries(db: Db) {
  const select = 'SELECT shard_no AS shardNo, key_first AS keyFirst, key_last AS keyLast, state FROM shards'
  type Raw = { shardNo: bigint; keyFirst: bigint; keyLast: bigint; state: ShardRow['state'] }
  const all = db.prepare<[], Raw>(`${select} WHERE state <> 'split' ORDER BY key_first`).safeIntegers()
  const split = db
    .prepare<[], number>("SELECT shard_no FROM shards WHERE state = 'split' ORDER BY shard_no")
    .pluck()
  const insert = db.prepare(
    "INSERT INTO shards (shard_no, key_first, key_last, state) VALUES (@shardNo, @keyFirst, @keyLast, 'ready')",
  )
  const setState = db.prepare('UPDATE shards SET state = @state WHERE shard_no = @shardNo')
  const next = db.prepare<[], { shardNo: number }>(
    'SELECT coalesce(max(shard_no), -1) + 1 AS shardNo FROM shards',
  )
  return {
    /** In the order of their ranges, without those that were split. */
    all: (): ShardRow[] => all.all().map((row) => ({ ...row, shardNo: Number(row.shardNo) })),
    /** Those that have children instead. */
    splitNos: (): number[] => split.all(),
    insert: (row: Omit<ShardRow, 'state'>): void => void insert.run(row),
    setState: (shardNo: number, state: ShardRow['state']): void => void setState.run({ shardNo, state }),
    nextNo: (): number => next.get()!.shardNo,
  }
}
