/** The same of requests for vectors as `reconcilingQueries` has of attempts: what a provider's list is held against. */
import type { Db } from '../open.ts'
import type { AnsweredAttempt, Billed, ReconcilingQueries, UnknownAttempt } from './reconciling.ts'

const COLUMNS = `r.request_id AS attemptId, m.provider, m.model, r.provider_request_id AS requestId, r.sent_at_ms AS sentAtMs`

const UNKNOWN = `
  SELECT ${COLUMNS}, r.reserved_micro_usd AS reservedMicroUsd
  FROM requests r JOIN models m USING (model_no) WHERE r.state = 'unknown' ORDER BY r.request_id`

const ANSWERED = `
  SELECT ${COLUMNS}, r.tokens AS promptTokens, r.micro_usd AS microUsd, r.is_bound AS isBound
  FROM requests r JOIN models m USING (model_no) WHERE r.state = 'settled' ORDER BY r.request_id`

const BILLED = `
  UPDATE requests SET state = CASE state WHEN 'unknown' THEN 'reconciled' ELSE state END, is_bound = 0,
    provider_request_id = coalesce(provider_request_id, @requestId), tokens = @tokens, micro_usd = @microUsd
  WHERE request_id = @attemptId AND state IN ('unknown', 'settled')`

const UNBILLED = "UPDATE requests SET state = 'failed' WHERE request_id = @attemptId AND state = 'unknown'"

type Unknown = Omit<UnknownAttempt, 'isBatch'>
type Answered = Omit<AnsweredAttempt, 'isBatch' | 'isBound' | 'answerTokens' | 'serviceTier'> & {
  readonly isBound: 0 | 1
}

export function vectorReconcilingQueries(db: Db): ReconcilingQueries {
  const unknown = db.prepare<[], Unknown>(UNKNOWN)
  const answered = db.prepare<[], Answered>(ANSWERED)
  const billed = db.prepare(BILLED)
  const unbilled = db.prepare(UNBILLED)
  return {
    unknown: () => unknown.all().map((row) => ({ ...row, isBatch: false })),
    *answered() {
      for (const row of answered.iterate())
        yield {
          ...row,
          ...{ isBound: row.isBound === 1, isBatch: false },
          ...{ answerTokens: 0, serviceTier: null },
        }
    },
    bill: (attemptId, requestId, { promptTokens, answerTokens, microUsd }: Billed) =>
      void billed.run({ attemptId, requestId, tokens: promptTokens + answerTokens, microUsd }),
    notBilled: (attemptId) => void unbilled.run({ attemptId }),
  }
}
