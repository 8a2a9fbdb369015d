/** The inputs of a plan: how far each was read, and the counter that each line ended in. */
import type { Db } from '../open.ts'

/** Every settled line stands in exactly one of these. */
export interface LineCounts {
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly known: number
  readonly repeated: number
  readonly filtered: number
  readonly refused: number
}

/** The last settled line of an input. */
export interface InputCursor {
  readonly byteOffset: number
  readonly lineNumber: number
  /** xxh64 of the record, so that another file under the same name is noticed. */
  readonly hash: bigint
}

export interface InputRow extends LineCounts {
  readonly inputNo: number
  readonly path: string
  readonly format: string
  readonly lines: number
  readonly isComplete: boolean
}

const ROWS = `
  SELECT input_no AS inputNo, path, format, lines, added, changed, removed, known, repeated, filtered, refused,
    is_complete AS isComplete
  FROM inputs WHERE plan_no = ? ORDER BY input_no`

const CURSOR = `
  SELECT CAST(last_byte_offset AS REAL) AS byteOffset, CAST(last_line_number AS REAL) AS lineNumber,
    last_line_hash AS hash
  FROM inputs WHERE input_no = ? AND last_line_number IS NOT NULL`

const ADVANCE = `
  UPDATE inputs SET
    lines = lines + @added + @changed + @removed + @known + @repeated + @filtered + @refused,
    added = added + @added, changed = changed + @changed, removed = removed + @removed, known = known + @known,
    repeated = repeated + @repeated, filtered = filtered + @filtered, refused = refused + @refused,
    last_byte_offset = @byteOffset, last_line_number = @lineNumber, last_line_hash = @hash
  WHERE input_no = @inputNo`

export function inputQueries(db: Db) {
  const rows = db.prepare<[number], Omit<InputRow, 'isComplete'> & { isComplete: number }>(ROWS)
  const insert = db.prepare('INSERT INTO inputs (plan_no, path, format) VALUES (@planNo, @path, @format)')
  const cursor = db.prepare<[number], InputCursor>(CURSOR).safeIntegers()
  const advance = db.prepare(ADVANCE)
  const complete = db.prepare('UPDATE inputs SET is_complete = 1 WHERE input_no = ?')
  const path = db.prepare<[number], { path: string }>('SELECT path FROM inputs WHERE input_no = ?')
  return {
    /** In the order in which the plan reads them. */
    ofPlan: (planNo: number): InputRow[] =>
      rows.all(planNo).map((row) => ({ ...row, isComplete: row.isComplete === 1 })),
    insert: (input: { planNo: number; path: string; format: string }): void => void insert.run(input),
    cursor: (inputNo: number): InputCursor | undefined => cursor.get(inputNo),
    /** Moves the cursor and the counters together, in the transaction that writes the lines themselves. */
    advance: (inputNo: number, counts: LineCounts, { byteOffset, lineNumber, hash }: InputCursor): void =>
      void advance.run({ inputNo, ...counts, byteOffset, lineNumber, hash }),
    complete: (inputNo: number): void => void complete.run(inputNo),
    path: (inputNo: number): string => path.get(inputNo)!.path,
  }
}
