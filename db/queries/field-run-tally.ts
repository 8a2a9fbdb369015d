/** What one shard file says of how its clusters fared, over all runs or one. */
import type { RunTally } from '../../schemas/health.ts'
import type { Db } from '../open.ts'

/**
 * A lone cluster that the built-in rules answered was never put to a model; it stands outside every rate. Whether
 * rules answered is what the deciding attempt says, or the last one before a person corrected it.
 */
const OUTCOMES = `
  SELECT c.is_lone AND a.provider IS 'rules' AS is_lone_by_rules, d.outcome, s.salvaged, a.lane,
    EXISTS (SELECT 1 FROM attempts r WHERE r.cluster_id = d.cluster_id AND r.lane = 'repair') AS is_repaired,
    EXISTS (SELECT 1 FROM attempts e WHERE e.cluster_id = d.cluster_id AND e.lane = 'expensive') AS is_expensive
  FROM done d
  JOIN clusters c ON c.cluster_id = d.cluster_id
  LEFT JOIN structures s ON s.cluster_id = d.cluster_id
  LEFT JOIN quarantine q ON q.cluster_id = d.cluster_id
  LEFT JOIN attempts a ON a.attempt_id = coalesce(d.attempt_id, q.attempt_id)
  WHERE @runId IS NULL OR d.run_id = @runId`

const CLUSTERS = `
  SELECT
    count(*) FILTER (WHERE NOT is_lone_by_rules AND outcome = 'ok') AS ok,
    count(*) FILTER (WHERE NOT is_lone_by_rules AND outcome = 'quarantined') AS quarantined,
    count(*) FILTER (WHERE is_lone_by_rules) AS loneByRules,
    count(*) FILTER (WHERE NOT is_lone_by_rules AND outcome = 'ok' AND salvaged <> '[]') AS salvaged,
    count(*) FILTER (WHERE NOT is_lone_by_rules AND is_repaired) AS repaired,
    count(*) FILTER (WHERE NOT is_lone_by_rules AND is_expensive) AS expensive
  FROM (${OUTCOMES})`

const ATTEMPTS = `
  SELECT count(*) AS attempts, count(*) FILTER (WHERE state = 'unknown') AS unknownAttempts,
    -- What nobody has settled yet counts at its worst case.
    coalesce(sum(CASE WHEN state IN ('sent', 'unknown') THEN reserved_micro_usd ELSE micro_usd END), 0) AS microUsd
  FROM attempts WHERE @runId IS NULL OR run_id = @runId`

const CODES = `
  SELECT code, count(*) AS attempts FROM (
    SELECT e.value AS code FROM attempts a, json_each(a.error_codes) e WHERE @runId IS NULL OR a.run_id = @runId
    UNION ALL
    SELECT failure_code FROM attempts
    WHERE failure_code IS NOT NULL AND (@runId IS NULL OR run_id = @runId)
  ) GROUP BY code ORDER BY code`

const LATENCIES = `
  SELECT coalesce(answered_by, model) AS model, latency_ms AS ms, count(*) AS answers FROM attempts
  WHERE state = 'settled' AND reused_attempt_id IS NULL AND latency_ms IS NOT NULL AND batch_intent_id IS NULL
    AND (@runId IS NULL OR run_id = @runId)
  GROUP BY 1, 2 ORDER BY 1, 2`

/** @param runId null for all runs */
export function tallyRun(db: Db, runId: number | null): RunTally {
  type Clusters = Pick<RunTally, 'ok' | 'quarantined' | 'loneByRules' | 'salvaged' | 'repaired' | 'expensive'>
  type Attempts = Pick<RunTally, 'attempts' | 'unknownAttempts' | 'microUsd'>
  return {
    ...db.prepare<object, Clusters>(CLUSTERS).get({ runId })!,
    ...db.prepare<object, Attempts>(ATTEMPTS).get({ runId })!,
    errorCodes: db.prepare<object, RunTally['errorCodes'][number]>(CODES).all({ runId }),
    latencies: db.prepare<object, RunTally['latencies'][number]>(LATENCIES).all({ runId }),
  }
}

/** Whether no other run decided or asked anything. */
export const isOnlyRun = (db: Db, runId: number): boolean =>
  db
    .prepare<object, number>(
      `SELECT NOT EXISTS (SELECT 1 FROM done WHERE run_id IS NOT @runId)
         AND NOT EXISTS (SELECT 1 FROM attempts WHERE run_id IS NOT @runId)`,
    )
    .pluck()
    .get({ runId }) === 1

/** @returns the highest number of a run that decided a cluster; null before the first */
export const lastRunOf = (db: Db): number | null =>
  db.prepare<[], number | null>('SELECT max(run_id) FROM done').pluck().get() ?? null
