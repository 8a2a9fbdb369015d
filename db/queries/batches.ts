/** Batches of one shard, and the attempts that are their lines. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { BatchState, Lane } from '../../schemas/states.ts'
import type { Db } from '../open.ts'

export interface BatchRow {
  readonly intentId: string
  readonly runId: number
  readonly provider: string
  readonly model: string
  readonly state: BatchState
  readonly lineCount: number
  readonly fileBytes: number
  /** What the provider calls the file, and the batch. */
  readonly inputFileId: string | null
  readonly remoteId: string | null
  readonly intendedAtMs: number
}

export type IntendedBatch = Omit<BatchRow, 'state' | 'inputFileId' | 'remoteId'>

/** A line whose end is not in the books. */
export interface OpenLine {
  readonly requestKey: string
  readonly model: string
  readonly sentAtMs: number
  readonly reservedMicroUsd: number
  readonly reservedTokens: number
}

export interface FailedLine {
  readonly attemptId: number
  readonly code: FailureCode
  readonly httpStatus: number | null
}

export interface BatchEnd {
  readonly state: Extract<BatchState, 'completed' | 'expired' | 'cancelled' | 'failed'>
  readonly endedAtMs: number
  /** Of a batch that failed: what the provider says. */
  readonly failureCode: string | null
  readonly failureMessage: string | null
}

/** What a provider has borne of one model so far. */
export interface BatchSizes {
  /** Lines of the last batch that was too much at once; null where none was. */
  readonly tooMuchLines: number | null
  /** Lines of the largest batch that passed since then. */
  readonly mostPassedLines: number | null
}

const COLUMNS = `intent_id AS intentId, run_id AS runId, provider, model, state, line_count AS lineCount,
  file_bytes AS fileBytes, input_file_id AS inputFileId, remote_id AS remoteId, intended_at_ms AS intendedAtMs`

const INTEND = `
  INSERT INTO batches (intent_id, run_id, provider, model, state, line_count, file_bytes, intended_at_ms)
  VALUES (@intentId, @runId, @provider, @model, 'intended', @lineCount, @fileBytes, @intendedAtMs)`

const OPEN_LINE = `
  SELECT request_key AS requestKey, model, sent_at_ms AS sentAtMs, reserved_micro_usd AS reservedMicroUsd,
    reserved_tokens AS reservedTokens
  FROM attempts WHERE attempt_id = @attemptId AND batch_intent_id = @intentId AND state = 'sent'`

const OPEN_COST = `
  SELECT count(*) AS calls, coalesce(sum(reserved_micro_usd), 0) AS microUsd, coalesce(sum(reserved_tokens), 0) AS tokens
  FROM attempts WHERE batch_intent_id = @intentId AND state = 'sent'`

const RELEASE = `
  UPDATE attempts SET state = 'failed', failure_code = 'batch_unfinished'
  WHERE batch_intent_id = @intentId AND state = 'sent'`

const FAILED_LINES = `
  -- A line that its batch never came to says nothing about the request.
  SELECT attempt_id AS attemptId, failure_code AS code, http_status AS httpStatus FROM attempts
  WHERE cluster_id = @clusterId AND lane = @lane AND request_key = @requestKey AND run_id = @runId
    AND state = 'failed' AND batch_intent_id IS NOT NULL AND failure_code <> 'batch_unfinished'
  ORDER BY attempt_id`

const SIZES = `
  WITH too_much AS (
    SELECT line_count, ended_at_ms FROM batches
    WHERE provider = @provider AND model = @model AND failure_code = 'token_limit_exceeded'
    ORDER BY ended_at_ms DESC, intent_id DESC LIMIT 1
  )
  SELECT (SELECT line_count FROM too_much) AS tooMuchLines, max(line_count) AS mostPassedLines FROM batches
  WHERE provider = @provider AND model = @model AND state IN ('completed', 'expired', 'cancelled')
    AND ended_at_ms > (SELECT ended_at_ms FROM too_much)`

export function batchQueries(db: Db) {
  const intend = db.prepare(INTEND)
  const open = db.prepare<[], BatchRow>(
    `SELECT ${COLUMNS} FROM batches WHERE ended_at_ms IS NULL ORDER BY intended_at_ms, intent_id`,
  )
  const upload = db.prepare(
    "UPDATE batches SET state = 'uploaded', input_file_id = @inputFileId WHERE intent_id = @intentId AND state = 'intended'",
  )
  const create = db.prepare(
    "UPDATE batches SET state = 'created', remote_id = @remoteId WHERE intent_id = @intentId AND state = 'uploaded'",
  )
  const end = db.prepare(
    `UPDATE batches SET state = @state, ended_at_ms = @endedAtMs, failure_code = @failureCode,
       failure_message = @failureMessage
     WHERE intent_id = @intentId AND ended_at_ms IS NULL`,
  )
  const assign = db.prepare('UPDATE attempts SET batch_intent_id = @intentId WHERE attempt_id = @attemptId')
  const openLine = db.prepare<object, OpenLine>(OPEN_LINE)
  const openCost = db.prepare<object, { calls: number; microUsd: number; tokens: number }>(OPEN_COST)
  const release = db.prepare(RELEASE)
  const failedLines = db.prepare<object, FailedLine>(FAILED_LINES)
  const asked = db.prepare(
    "SELECT 1 FROM attempts WHERE request_key = ? AND state = 'sent' AND batch_intent_id IS NOT NULL LIMIT 1",
  )
  const answered = db.prepare(
    "SELECT 1 FROM attempts WHERE batch_intent_id IS NOT NULL AND state = 'settled' AND run_id = ? LIMIT 1",
  )
  const sizes = db.prepare<object, BatchSizes>(SIZES)
  return {
    intend: (batch: IntendedBatch): void => void intend.run(batch),
    /** Makes an attempt a line of a batch, in the transaction that intends both. */
    assign: (attemptId: number, intentId: string): void => void assign.run({ attemptId, intentId }),
    uploaded: (intentId: string, inputFileId: string): void => void upload.run({ intentId, inputFileId }),
    created: (intentId: string, remoteId: string): void => void create.run({ intentId, remoteId }),
    end: (intentId: string, batchEnd: BatchEnd): void => void end.run({ intentId, ...batchEnd }),
    /** Those whose end is not in the books, the oldest first. */
    open: (): BatchRow[] => open.all(),
    /** @returns undefined for a line that is booked, or that is none of this batch */
    openLine: (intentId: string, attemptId: number): OpenLine | undefined =>
      openLine.get({ intentId, attemptId }),
    /** What is reserved for the lines whose end is not in the books. */
    openCost: (intentId: string) => openCost.get({ intentId })!,
    /** What no answer came for goes back to the frontier; nothing is billed for it. */
    release: (intentId: string): void => void release.run({ intentId }),
    failedLines: (of: { clusterId: string; lane: Lane; requestKey: string; runId: number }): FailedLine[] =>
      failedLines.all(of),
    /** The same question is under way in a batch, perhaps for another cluster. */
    isAsked: (requestKey: string): boolean => asked.get(requestKey) !== undefined,
    /** Whether any line of a run's batches got an answer. */
    hasAnswered: (runId: number): boolean => answered.get(runId) !== undefined,
    sizes: (provider: string, model: string): BatchSizes => sizes.get({ provider, model })!,
  }
}
