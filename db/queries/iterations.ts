/** The iterations of the loop, and whether it goes on. */
import type { Failure } from '../../schemas/failure.ts'
import type { IterationState, LoopState } from '../../schemas/states.ts'
import type { Db } from '../open.ts'

export const ITERATION_STEPS = ['run', 'merge', 'archive', 'end'] as const
export type IterationStep = (typeof ITERATION_STEPS)[number]

export interface IterationRow {
  readonly iterationNo: number
  readonly state: IterationState
  /** Where it goes on. */
  readonly step: IterationStep
  /** How many it was to take. */
  readonly seeds: number
  /** Clusters that were done, over all shards, when it began. */
  readonly doneBefore: number
  readonly tries: number
  readonly runTag: string | null
  readonly fieldTag: string | null
  readonly failure: Failure | null
  readonly createdAtMs: number
}

export interface LoopRow {
  readonly state: LoopState
  readonly reason: string | null
  /** Times in a row that an iteration failed with `lastCode`. */
  readonly strikes: number
  readonly lastCode: string | null
}

const READY: LoopRow = { state: 'ready', reason: null, strikes: 0, lastCode: null }

export function iterationQueries(db: Db) {
  type Raw = Omit<IterationRow, 'failure'> & { readonly failure: string | null }
  const shaped = (row: Raw): IterationRow => ({
    ...row,
    failure: row.failure === null ? null : (JSON.parse(row.failure) as Failure),
  })
  const columns = `i.iteration_no AS iterationNo, i.state, i.step, i.seeds, i.done_before AS doneBefore, i.tries,
    r.run_tag AS runTag, i.field_tag AS fieldTag, i.failure, i.created_at_ms AS createdAtMs`
  const latest = db.prepare<[number], Raw>(
    `SELECT ${columns} FROM iterations i LEFT JOIN runs r USING (run_id) ORDER BY iteration_no DESC LIMIT ?`,
  )
  const begin = db.prepare(
    `INSERT INTO iterations (iteration_no, state, seeds, done_before, created_at_ms)
     VALUES (@iterationNo, 'running', @seeds, @doneBefore, @nowMs)`,
  )
  const resume = db.prepare(
    "UPDATE iterations SET state = 'running', failure = NULL, tries = tries + 1 WHERE iteration_no = ?",
  )
  const advance = db.prepare(
    `UPDATE iterations SET step = @step, run_id = coalesce(@runId, run_id), field_tag = coalesce(@fieldTag, field_tag)
     WHERE iteration_no = @iterationNo`,
  )
  const fail = db.prepare(
    "UPDATE iterations SET state = 'failed', failure = @failure WHERE iteration_no = @iterationNo",
  )
  const finish = db.prepare("UPDATE iterations SET state = 'done' WHERE iteration_no = ?")
  const loop = db.prepare<[], LoopRow>('SELECT state, reason, strikes, last_code AS lastCode FROM loop_state')
  const setLoop = db.prepare(
    `INSERT INTO loop_state (only_one, state, reason, strikes, last_code)
     VALUES (1, @state, @reason, @strikes, @lastCode)
     ON CONFLICT DO UPDATE SET state = excluded.state, reason = excluded.reason, strikes = excluded.strikes,
       last_code = excluded.last_code`,
  )
  return {
    /** Newest first. */
    latest: (count: number): IterationRow[] => latest.all(count).map(shaped),
    begin: (row: { iterationNo: number; seeds: number; doneBefore: number; nowMs: number }): void =>
      void begin.run(row),
    resume: (iterationNo: number): void => void resume.run(iterationNo),
    advance: (
      iterationNo: number,
      step: IterationStep,
      found: { runId?: number; fieldTag?: string } = {},
    ): void =>
      void advance.run({ iterationNo, step, runId: found.runId ?? null, fieldTag: found.fieldTag ?? null }),
    fail: (iterationNo: number, failure: Failure): void =>
      void fail.run({ iterationNo, failure: JSON.stringify(failure) }),
    finish: (iterationNo: number): void => void finish.run(iterationNo),
    loop: (): LoopRow => loop.get() ?? READY,
    setLoop: (row: LoopRow): void => void setLoop.run(row),
  }
}
