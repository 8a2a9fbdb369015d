/** The fields that the control file knows: being built, blocked by a gate, or published. */
import type { Db } from '../open.ts'

export interface RegisteredField {
  readonly fieldTag: string
  readonly baseTag: string | null
  readonly state: 'building' | 'blocked' | 'published'
  readonly fieldDigest: string | null
}

export interface JudgedField {
  readonly fieldTag: string
  readonly state: 'blocked' | 'published'
  readonly fieldDigest: string
  readonly isComplete: boolean
  /** `health.json` as text. */
  readonly metrics: string
}

export function fieldRegister(db: Db) {
  const all = db.prepare<[], RegisteredField>(
    `SELECT field_tag AS fieldTag, base_tag AS baseTag, state, field_digest AS fieldDigest
     FROM fields ORDER BY created_at_ms, field_tag`,
  )
  const begin = db.prepare(
    `INSERT INTO fields (field_tag, base_tag, state, created_at_ms)
     VALUES (@fieldTag, @baseTag, 'building', @nowMs)`,
  )
  const judge = db.prepare(
    `UPDATE fields SET state = @state, field_digest = @fieldDigest, is_complete = @isComplete, metrics = @metrics
     WHERE field_tag = @fieldTag`,
  )
  const forget = db.prepare("DELETE FROM fields WHERE field_tag = ? AND state = 'building'")
  const isTaken = db.prepare<[string], number>('SELECT count(*) FROM fields WHERE field_tag = ?').pluck()
  const keepRates = db
    .prepare<[number], number>(
      `SELECT metrics ->> '$.field.links.keep_rate_millionths' AS rate FROM fields
       WHERE state = 'published' AND rate IS NOT NULL
       ORDER BY created_at_ms DESC, field_tag DESC LIMIT ?`,
    )
    .pluck()
  return {
    /** In the order in which they were begun. */
    all: (): RegisteredField[] => all.all(),
    begin: (row: { fieldTag: string; baseTag: string | null; nowMs: number }): void => void begin.run(row),
    judge: (field: JudgedField): void => void judge.run({ ...field, isComplete: field.isComplete ? 1 : 0 }),
    /** Only of a field that is still being built: of others there is a record to keep. */
    forget: (fieldTag: string): void => void forget.run(fieldTag),
    isTaken: (fieldTag: string): boolean => isTaken.get(fieldTag)! > 0,
    /** Of published fields, newest first. */
    keepRates: (limit: number): number[] => keepRates.all(limit),
  }
}
