/** The lines that a plan did not take, with place and reason. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { Db } from '../open.ts'

export interface RefusedRow {
  readonly byteOffset: number
  readonly lineNumber: number
  readonly code: FailureCode
  readonly message: string
  readonly excerpt: string
}

/** In the order of reading: inputs as they were named, lines as they stand. */
const SAMPLE = `
  SELECT i.path, r.byte_offset AS byteOffset, r.line_number AS lineNumber, r.code, r.message, r.excerpt
  FROM inputs i JOIN refused r USING (input_no)
  WHERE i.plan_no = @planNo
  ORDER BY i.input_no, r.line_number
  LIMIT @limit`

/** What a missing fact could hide behind; a repeated id or an unknown removal hides none. */
const UNREAD = `
  SELECT count(*) AS lines
  FROM inputs i JOIN refused r USING (input_no)
  WHERE i.plan_no = ? AND r.code NOT IN ('fact_id_repeated', 'removed_unknown')`

export function refusedQueries(db: Db) {
  const insert = db.prepare(
    `INSERT INTO refused (input_no, line_number, byte_offset, code, message, excerpt)
     VALUES (@inputNo, @lineNumber, @byteOffset, @code, @message, @excerpt)`,
  )
  const sample = db.prepare<object, RefusedRow & { path: string }>(SAMPLE)
  const unread = db.prepare<[number], { lines: number }>(UNREAD)
  return {
    insert: (inputNo: number, row: RefusedRow): void => void insert.run({ inputNo, ...row }),
    sample: (planNo: number, limit: number) => sample.all({ planNo, limit }),
    unreadLines: (planNo: number): number => unread.get(planNo)!.lines,
  }
}
