/** Attempts and their answers: intent before the deed, the raw answer before anybody judges it. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { Answer, FinishReason } from '../../schemas/prompt.ts'
import type { Lane } from '../../schemas/states.ts'
import type { Db } from '../open.ts'
import { prepareNamed } from '../prepare-named.ts'

/** What stands in the books before a request leaves. */
export interface Intent {
  readonly clusterId: string
  readonly runId: number
  readonly task: string
  readonly taskVersion: number
  readonly lane: Lane
  readonly provider: string
  readonly model: string
  readonly requestKey: string
  readonly promptDigest: string
  readonly schemaDigest: string
  readonly reservedMicroUsd: number
  readonly reservedTokens: number
  readonly sentAtMs: number
}

export interface FailedAttempt {
  readonly state: 'failed' | 'unknown'
  readonly code: FailureCode
  readonly httpStatus: number | null
  /** The provider's name of the request, where it told one. */
  readonly requestId: string | null
}

export interface StoredAnswer {
  readonly attemptId: number
  readonly text: string
  readonly finishReason: FinishReason
}

const INTEND = `
  INSERT INTO attempts (attempt_id, cluster_id, run_id, task, task_version, lane, provider, model, request_key,
    prompt_digest, schema_digest, state, reserved_micro_usd, reserved_tokens, sent_at_ms)
  VALUES (@attemptId, @clusterId, @runId, @task, @taskVersion, @lane, @provider, @model, @requestKey,
    @promptDigest, @schemaDigest, 'sent', @reservedMicroUsd, @reservedTokens, @sentAtMs)`

const SETTLE = `
  UPDATE attempts SET state = 'settled', answered_by = @model, service_tier = @serviceTier,
    finish_reason = @finishReason, request_id = @requestId,
    prompt_tokens = @promptTokens, cached_tokens = @cachedTokens, answer_tokens = @answerTokens,
    micro_usd = @microUsd, latency_ms = @latencyMs
  WHERE attempt_id = @attemptId`

const STORE = `
  INSERT INTO answers (attempt_id, request_key, body, usage, latency_ms)
  VALUES (@attemptId, @requestKey, @body, @usage, @latencyMs)`

/** A stored answer served again: nothing was sent, so it is settled at no cost. */
const REUSE = `
  INSERT INTO attempts (attempt_id, cluster_id, run_id, task, task_version, lane, provider, model, answered_by,
    request_key, prompt_digest, schema_digest, state, reused_attempt_id, finish_reason, sent_at_ms)
  SELECT @attemptId, @clusterId, @runId, @task, @taskVersion, @lane, @provider, @model, answered_by,
    @requestKey, @promptDigest, @schemaDigest, 'settled', attempt_id, finish_reason, @sentAtMs
  FROM attempts WHERE attempt_id = @reusedAttemptId`

/** The copy goes with its attempt, so that every settled attempt has its answer beside it, also after a split. */
const COPY_ANSWER = `
  INSERT INTO answers (attempt_id, request_key, body, usage, latency_ms)
  SELECT @attemptId, request_key, body, usage, latency_ms FROM answers WHERE attempt_id = @reusedAttemptId`

const MOVE_MADE = `
  -- A settled answer of any kind uses the move up; an unknown one does not.
  SELECT a.attempt_id AS attemptId, s.body AS text, a.finish_reason AS finishReason
  FROM attempts a JOIN answers s USING (attempt_id)
  WHERE a.cluster_id = @clusterId AND a.lane = @lane AND a.request_key = @requestKey AND a.state = 'settled'
    AND s.superseded = 0
  ORDER BY a.attempt_id LIMIT 1`

const STORED = `
  -- Refusals and truncations are on the books but are no answers. The newest run's comes first, for with --fresh one that
  -- another cluster was answered before may be out of date; and such a run takes only what it asked itself.
  SELECT a.attempt_id AS attemptId, s.body AS text, a.finish_reason AS finishReason
  FROM attempts a JOIN answers s USING (attempt_id)
  WHERE a.request_key = @requestKey AND a.state = 'settled' AND s.superseded = 0 AND a.finish_reason = 'stop'
    AND (@freshRunId IS NULL OR (a.run_id = @freshRunId AND a.reused_attempt_id IS NULL))
  ORDER BY a.reused_attempt_id IS NOT NULL, a.run_id DESC, a.attempt_id LIMIT 1`

/** Most requests are new. Asked first, since SQLite sets up a sorter for the answers of STORED before it finds none. */
const IS_STORED = "SELECT 1 FROM attempts WHERE request_key = ? AND state = 'settled' LIMIT 1"

export function attemptQueries(db: Db) {
  const intend = prepareNamed<Intent & { attemptId: number }>(db, INTEND)
  const settle = prepareNamed(db, SETTLE)
  const store = prepareNamed(db, STORE)
  const reuse = db.prepare(REUSE)
  const copyAnswer = db.prepare(COPY_ANSWER)
  const moveMade = db.prepare<object, StoredAnswer>(MOVE_MADE)
  const isStored = db.prepare<[string]>(IS_STORED)
  const stored = db.prepare<object, StoredAnswer>(STORED)
  const fail = db.prepare(
    `UPDATE attempts SET state = @state, failure_code = @code, http_status = @httpStatus, request_id = @requestId
     WHERE attempt_id = @attemptId`,
  )
  const judge = prepareNamed(
    db,
    `UPDATE attempts SET verdict = @verdict, error_codes = @errorCodes, task_version = @taskVersion
     WHERE attempt_id = @attemptId`,
  )
  const lose = db.prepare(
    "UPDATE attempts SET state = 'unknown' WHERE state = 'sent' AND batch_intent_id IS NULL",
  )
  const supersede = db.prepare(
    `UPDATE answers SET superseded = 1 WHERE superseded = 0 AND attempt_id IN (
       SELECT attempt_id FROM attempts
       WHERE cluster_id = @clusterId AND run_id < @runId)`,
  )
  const last = db.prepare<object, { attemptId: number | null }>(
    'SELECT max(attempt_id) AS attemptId FROM attempts WHERE attempt_id BETWEEN @first AND @last',
  )
  return {
    intend: (attemptId: number, intent: Intent): void => intend.run({ ...intent, attemptId }),
    settle(attemptId: number, requestKey: string, answer: Answer, microUsd: number): void {
      const { text, usage, latencyMs, model, finishReason, requestId, serviceTier = null } = answer
      const { promptTokens, cachedTokens, answerTokens } = usage
      settle.run({
        attemptId,
        model,
        serviceTier,
        finishReason,
        requestId,
        promptTokens,
        cachedTokens,
        answerTokens,
        microUsd,
        latencyMs,
      })
      store.run({ attemptId, requestKey, body: text, usage: JSON.stringify(usage), latencyMs })
    },
    reuse(attemptId: number, reusedAttemptId: number, intent: Intent): void {
      reuse.run({ attemptId, reusedAttemptId, ...intent })
      copyAnswer.run({ attemptId, reusedAttemptId })
    },
    moveMade: (clusterId: string, lane: Lane, requestKey: string): StoredAnswer | undefined =>
      moveMade.get({ clusterId, lane, requestKey }),
    /** @param freshRunId a run that asks everything anew, once each; null where older answers are served too */
    storedAnswer: (requestKey: string, freshRunId: number | null): StoredAnswer | undefined =>
      isStored.get(requestKey) === undefined ? undefined : stored.get({ requestKey, freshRunId }),
    fail: (attemptId: number, failure: FailedAttempt): void => void fail.run({ attemptId, ...failure }),
    judged: (
      attemptId: number,
      verdict: 'ok' | 'salvaged' | 'bad',
      codes: readonly FailureCode[],
      taskVersion: number,
    ): void => judge.run({ attemptId, verdict, errorCodes: JSON.stringify(codes), taskVersion }),
    /**
     * What was in flight when its worker died: nobody knows whether it was answered. A batch outlives its worker.
     *
     * @returns how many
     */
    markInFlightUnknown: (): number => lose.run().changes,
    /** Answers that earlier runs stored for a cluster are no longer served: it is asked anew. */
    supersede: (clusterId: string, runId: number): void => void supersede.run({ clusterId, runId }),
    lastAttemptId: (first: number, lastPossible: number): number | null =>
      last.get({ first, last: lastPossible })!.attemptId,
  }
}
