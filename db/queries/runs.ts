/** A run is a row: every process that runs on the workspace joins the open one. */
import type { Db } from '../open.ts'

export interface RunRow {
  readonly runId: number
  readonly runTag: string
  readonly planNo: number
  readonly task: string
  readonly state: 'open' | 'closed'
  readonly settings: string
  readonly sweepThroughKey: bigint | null
}

export function runQueries(db: Db) {
  const columns = `run_id AS runId, run_tag AS runTag, plan_no AS planNo, task, state, settings,
    CAST(sweep_through_key AS TEXT) AS sweepThroughKey`
  type Raw = Omit<RunRow, 'sweepThroughKey'> & { sweepThroughKey: string | null }
  const shaped = (row: Raw | undefined): RunRow | undefined =>
    row && { ...row, sweepThroughKey: row.sweepThroughKey === null ? null : BigInt(row.sweepThroughKey) }
  const open = db.prepare<[string], Raw>(`SELECT ${columns} FROM runs WHERE task = ? AND state = 'open'`)
  const latest = db.prepare<[], Raw>(`SELECT ${columns} FROM runs ORDER BY run_id DESC LIMIT 1`)
  const all = db.prepare<[], Raw>(`SELECT ${columns} FROM runs ORDER BY run_id`)
  const begin = db.prepare<object, { runId: number }>(
    `INSERT INTO runs (run_tag, plan_no, task, state, settings, created_at_ms)
     VALUES (@runTag, @planNo, @task, 'open', @settings, @nowMs) RETURNING run_id AS runId`,
  )
  const tagTaken = db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM runs WHERE run_tag = ?')
  const close = db.prepare(
    "UPDATE runs SET state = 'closed', closed_at_ms = @nowMs WHERE run_id = @runId AND state = 'open'",
  )
  const decideSweep = db.prepare(
    'UPDATE runs SET sweep_through_key = @key WHERE run_id = @runId AND sweep_through_key IS NULL',
  )
  return {
    open: (task: string) => shaped(open.get(task)),
    latest: () => shaped(latest.get()),
    all: (): RunRow[] => all.all().map((row) => shaped(row)!),
    isTagTaken: (runTag: string): boolean => tagTaken.get(runTag)!.n > 0,
    begin: (row: { runTag: string; planNo: number; task: string; settings: string; nowMs: number }): number =>
      begin.get(row)!.runId,
    close: (runId: number, nowMs: number): void => void close.run({ runId, nowMs }),
    /** The first process that decides wins, so that the quota is the same for all. */
    decideSweep: (runId: number, key: bigint): void => void decideSweep.run({ runId, key }),
  }
}
