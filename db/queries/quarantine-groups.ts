/** The quarantine of a run in groups, and a few cases of each, the same ones for any number of shards. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { Db } from '../open.ts'

export interface CodeCount {
  readonly code: FailureCode
  readonly cases: number
}

/** One case of a group, with the size of the group in this shard. */
export interface SampledCase {
  readonly signature: string
  readonly cases: number
  readonly clusterId: string
  readonly key: bigint
}

export interface RunOutcomes {
  readonly ok: number
  readonly quarantined: number
}

const CASES_OF_RUN = `
  FROM quarantine q JOIN done d ON d.cluster_id = q.cluster_id AND d.outcome = 'quarantined' AND d.run_id = @runId`

const CODES = `
  SELECT e.value AS code, count(*) AS cases ${CASES_OF_RUN}, json_each(q.codes) e GROUP BY e.value ORDER BY e.value`

const SAMPLE = `
  SELECT signature, cases, clusterId, key FROM (
    SELECT q.signature, q.cluster_id AS clusterId, c.key, count(*) OVER (PARTITION BY q.signature) AS cases,
      row_number() OVER (PARTITION BY q.signature ORDER BY c.key, c.cluster_id) AS place
    ${CASES_OF_RUN} JOIN clusters c ON c.cluster_id = q.cluster_id
  ) WHERE place <= @perGroup ORDER BY signature, key, clusterId`

const OUTCOMES = `
  SELECT count(*) FILTER (WHERE outcome = 'ok') AS ok, count(*) FILTER (WHERE outcome = 'quarantined') AS quarantined
  FROM done WHERE run_id = @runId`

export function quarantineGroups(db: Db) {
  const codes = db.prepare<object, CodeCount>(CODES)
  const sample = db.prepare<object, Omit<SampledCase, 'cases'> & { cases: bigint }>(SAMPLE).safeIntegers()
  const outcomes = db.prepare<object, RunOutcomes>(OUTCOMES)
  return {
    outcomes: (runId: number): RunOutcomes => outcomes.get({ runId })!,
    /** A case counts once for each of its codes. */
    codes: (runId: number): CodeCount[] => codes.all({ runId }),
    /** The cases with the smallest keys of each signature. */
    sample: (runId: number, perGroup: number): SampledCase[] =>
      sample.all({ runId, perGroup }).map((row) => ({ ...row, cases: Number(row.cases) })),
  }
}
