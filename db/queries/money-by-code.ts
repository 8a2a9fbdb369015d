/** What trouble cost and what was done about it, of one shard, over all runs or one. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { Db } from '../open.ts'

export interface CodeCost {
  readonly code: FailureCode
  readonly attempts: number
  /** Of `attempts`: the answer was taken all the same, after salvage. */
  readonly salvaged: number
  readonly tokens: number
  readonly microUsd: number
}

/** Clusters that a lane was asked about, what that cost, and how many it brought home. */
export interface LaneYield {
  readonly lane: 'primary' | 'repair' | 'expensive'
  readonly calls: number
  readonly clusters: number
  readonly clustersOk: number
  readonly tokens: number
  readonly microUsd: number
}

export interface SalvageYield {
  /** Clusters whose structure stands on a salvaged answer of a model; by lane, since the saving is the next one. */
  readonly afterPrimary: number
  readonly afterRepair: number
  readonly afterExpensive: number
}

/** What nobody has settled counts at its worst case, as everywhere. */
const OWN_COST = "CASE WHEN a.state IN ('sent', 'unknown') THEN a.reserved_micro_usd ELSE a.micro_usd END"
const OWN_TOKENS =
  "CASE WHEN a.state IN ('sent', 'unknown') THEN a.reserved_tokens ELSE a.prompt_tokens + a.answer_tokens END"

/** An attempt with several codes cost what it cost under each of them. */
const CODES = `
  WITH coded AS (
    SELECT e.value AS code, a.* FROM attempts a, json_each(a.error_codes) e
    UNION ALL
    SELECT a.failure_code AS code, a.* FROM attempts a WHERE a.failure_code IS NOT NULL
  )
  SELECT a.code, count(*) AS attempts, sum(a.verdict IS 'salvaged') AS salvaged,
    sum(${OWN_TOKENS}) AS tokens, sum(${OWN_COST}) AS microUsd
  FROM coded a
  WHERE a.provider <> 'rules' AND (@runId IS NULL OR a.run_id = @runId)
  GROUP BY a.code ORDER BY a.code`

const LANES = `
  SELECT a.lane, sum(a.reused_attempt_id IS NULL) AS calls, count(DISTINCT a.cluster_id) AS clusters,
    count(DISTINCT CASE WHEN d.outcome = 'ok' AND d.attempt_id = a.attempt_id THEN a.cluster_id END) AS clustersOk,
    sum(${OWN_TOKENS}) AS tokens, sum(${OWN_COST}) AS microUsd
  FROM attempts a LEFT JOIN done d USING (cluster_id)
  WHERE a.provider <> 'rules' AND (@runId IS NULL OR a.run_id = @runId)
  GROUP BY a.lane ORDER BY a.lane`

const SALVAGE = `
  SELECT count(*) FILTER (WHERE a.lane = 'primary') AS afterPrimary,
    count(*) FILTER (WHERE a.lane = 'repair') AS afterRepair,
    count(*) FILTER (WHERE a.lane = 'expensive') AS afterExpensive
  FROM structures s JOIN attempts a ON a.attempt_id = s.attempt_id
  WHERE s.salvaged <> '[]' AND a.provider <> 'rules' AND (@runId IS NULL OR a.run_id = @runId)`

/** @param runId null for all runs */
export const moneyByCode = (db: Db, runId: number | null) => ({
  codes: db.prepare<object, CodeCost>(CODES).all({ runId }),
  lanes: db.prepare<object, LaneYield>(LANES).all({ runId }),
  salvage: db.prepare<object, SalvageYield>(SALVAGE).get({ runId })!,
})
