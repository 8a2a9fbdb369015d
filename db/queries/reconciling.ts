/** What a provider's list is held against: attempts that nobody knows the end of, and those that were answered. */
import type { Db } from '../open.ts'

export interface UnknownAttempt {
  readonly attemptId: number
  readonly provider: string
  readonly model: string
  readonly requestId: string | null
  readonly sentAtMs: number
  readonly reservedMicroUsd: number
  readonly isBatch: boolean
}

export interface AnsweredAttempt extends Omit<UnknownAttempt, 'reservedMicroUsd'> {
  readonly promptTokens: number
  readonly answerTokens: number
  readonly microUsd: number
  readonly serviceTier: string | null
  /** The provider told no usage, so the most that it can have been is booked. */
  readonly isBound: boolean
}

export interface Billed {
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly answerTokens: number
  readonly microUsd: number
}

export interface ReconcilingQueries {
  unknown(): UnknownAttempt[]
  /** One by one: there are as many as answers were paid for. */
  answered(): Generator<AnsweredAttempt>
  bill(attemptId: number, requestId: string | null, cost: Billed): void
  notBilled(attemptId: number): void
}

const UNKNOWN = `
  SELECT attempt_id AS attemptId, provider, model, request_id AS requestId, sent_at_ms AS sentAtMs,
    reserved_micro_usd AS reservedMicroUsd, batch_intent_id IS NOT NULL AS isBatch
  FROM attempts WHERE state = 'unknown' ORDER BY attempt_id`

const ANSWERED = `
  SELECT a.attempt_id AS attemptId, a.provider, a.model, a.request_id AS requestId, a.sent_at_ms AS sentAtMs,
    a.prompt_tokens AS promptTokens, a.answer_tokens AS answerTokens, a.micro_usd AS microUsd,
    a.service_tier AS serviceTier, a.batch_intent_id IS NOT NULL AS isBatch,
    coalesce(json_extract(w.usage, '$.isBound'), 0) AS isBound
  FROM attempts a JOIN answers w USING (attempt_id)
  WHERE a.state = 'settled' AND a.reused_attempt_id IS NULL AND a.provider <> 'rules'
  ORDER BY a.attempt_id`

const BILLED = `
  UPDATE attempts SET state = CASE state WHEN 'unknown' THEN 'reconciled' ELSE state END,
    request_id = coalesce(request_id, @requestId), prompt_tokens = @promptTokens, cached_tokens = @cachedTokens,
    answer_tokens = @answerTokens, micro_usd = @microUsd
  WHERE attempt_id = @attemptId AND state IN ('unknown', 'settled')`

/** One that was in flight in a crash has no failure of its own yet. */
const UNBILLED = `
  UPDATE attempts SET state = 'failed', failure_code = coalesce(failure_code, 'interrupted')
  WHERE attempt_id = @attemptId AND state = 'unknown'`

/** As SQLite gives it: booleans are numbers. */
type Flags<Row> = { [Name in keyof Row]: Row[Name] extends boolean ? number : Row[Name] }

export function reconcilingQueries(
  db: Db,
): ReconcilingQueries & { /** Runs that were granted budget here. */ grantedRuns(): number[] } {
  const unknown = db.prepare<[], Flags<UnknownAttempt>>(UNKNOWN)
  const answered = db.prepare<[], Flags<AnsweredAttempt>>(ANSWERED)
  const billed = db.prepare(BILLED)
  const unbilled = db.prepare(UNBILLED)
  const runIds = db.prepare<[], number>('SELECT DISTINCT run_id FROM grants ORDER BY run_id').pluck()
  return {
    unknown: () => unknown.all().map((row) => ({ ...row, isBatch: row.isBatch === 1 })),
    *answered() {
      for (const row of answered.iterate())
        yield { ...row, isBound: row.isBound === 1, isBatch: row.isBatch === 1 }
    },
    bill: (attemptId, requestId, cost) => void billed.run({ attemptId, requestId, ...cost }),
    notBilled: (attemptId) => void unbilled.run({ attemptId }),
    grantedRuns: () => runIds.all(),
  }
}
