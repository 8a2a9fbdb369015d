/** Everything that a shard file knows of one cluster, for a person who wants to follow it from end to end. */
import type { ClusterMember } from '../../schemas/cluster.ts'
import type { FailureCode } from '../../schemas/failure.ts'
import type { Finding } from '../../schemas/finding.ts'
import type { Inferred } from '../../schemas/inferred.ts'
import type {
  attemptRecordSchema,
  caseRecordSchema,
  clusterRecordSchema,
  deltaCountsSchema,
  doneRecordSchema,
  structureRecordSchema,
} from '../../schemas/output/cluster-record.ts'
import type { Structure } from '../../schemas/structure.ts'
import type { Db } from '../open.ts'

export interface ClusterHead {
  readonly clusterId: string
  readonly seedFactId: string
  readonly round: number
  /** Decimal: a 64-bit integer does not fit a JSON number. */
  readonly key: string
  readonly domain: string
  readonly isLone: boolean
}

export type AttemptRecord = Inferred<typeof attemptRecordSchema>

export type DoneRecord = Inferred<typeof doneRecordSchema>

export type StructureRecord = Inferred<typeof structureRecordSchema>

export type CaseRecord = Inferred<typeof caseRecordSchema>

export type DeltaCounts = Inferred<typeof deltaCountsSchema>

export type ClusterRecord = Inferred<typeof clusterRecordSchema>

const HEAD = `
  SELECT cluster_id AS clusterId, seed_fact_id AS seedFactId, round, CAST(key AS TEXT) AS key, domain, is_lone AS isLone
  FROM clusters WHERE cluster_id = ?`

const MEMBERS = `
  SELECT i, standing, fact_id AS factId, dup_group_id AS dupGroupId, domain, text
  FROM cluster_members WHERE cluster_id = ? ORDER BY i`

const ATTEMPTS = `
  SELECT a.attempt_id AS attemptId, a.cluster_id AS clusterId, a.run_id AS runId, a.task, a.task_version AS taskVersion,
    a.lane, a.provider, a.model, a.answered_by AS answeredBy, a.state, a.reused_attempt_id AS reusedAttemptId,
    a.failure_code AS failureCode, a.finish_reason AS finishReason, a.http_status AS httpStatus,
    a.request_id AS requestId, a.request_key AS requestKey, a.prompt_digest AS promptDigest,
    a.schema_digest AS schemaDigest, a.verdict, a.error_codes AS errorCodes, a.prompt_tokens AS promptTokens,
    a.cached_tokens AS cachedTokens, a.answer_tokens AS answerTokens, a.reserved_micro_usd AS reservedMicroUsd,
    a.micro_usd AS microUsd, a.latency_ms AS latencyMs, w.body AS answer, coalesce(w.superseded, 0) AS isSuperseded
  FROM attempts a LEFT JOIN answers w ON w.attempt_id = coalesce(a.reused_attempt_id, a.attempt_id)`

const DELTAS = `
  SELECT c.concept_id AS conceptId, c.name,
    (SELECT count(*) FROM delta_members m WHERE m.cluster_id = c.cluster_id AND m.concept_id = c.concept_id) AS members,
    (SELECT count(*) FROM delta_edges e WHERE e.cluster_id = c.cluster_id AND e.concept_id = c.concept_id) AS edges,
    (SELECT count(*) FROM delta_links l WHERE l.cluster_id = c.cluster_id AND l.concept_id = c.concept_id) AS links
  FROM delta_concepts c WHERE c.cluster_id = ? ORDER BY c.concept_id`

type RawAttempt = Omit<AttemptRecord, 'errorCodes' | 'isSuperseded'> & {
  errorCodes: string | null
  isSuperseded: number
}

export function clusterRecords(db: Db) {
  const head = db.prepare<[string], Omit<ClusterHead, 'isLone'> & { isLone: number }>(HEAD)
  const members = db.prepare<[string], ClusterMember>(MEMBERS)
  const attempts = db.prepare<[string], RawAttempt>(
    `${ATTEMPTS} WHERE a.cluster_id = ? ORDER BY a.attempt_id`,
  )
  const attempt = db.prepare<[number], RawAttempt>(`${ATTEMPTS} WHERE a.attempt_id = ?`)
  const frontier = db
    .prepare<[string], 'todo' | 'sweep'>('SELECT state FROM frontier WHERE cluster_id = ?')
    .pluck()
  const done = db.prepare<[string], DoneRecord>(
    'SELECT outcome, attempt_id AS attemptId, run_id AS runId FROM done WHERE cluster_id = ?',
  )
  const structure = db.prepare<
    [string],
    Omit<StructureRecord, 'structure' | 'salvaged'> & { structure: string; salvaged: string }
  >(
    `SELECT attempt_id AS attemptId, structure, salvaged, task_version AS taskVersion,
       materialised_version AS materialisedVersion
     FROM structures WHERE cluster_id = ?`,
  )
  const deltas = db.prepare<[string], DeltaCounts>(DELTAS)
  const quarantined = db.prepare<
    [string],
    Omit<CaseRecord, 'codes' | 'findings'> & { codes: string; findings: string }
  >(
    'SELECT state, attempt_id AS attemptId, codes, signature, findings, note FROM quarantine WHERE cluster_id = ?',
  )
  const retired = db.prepare<[string], string>('SELECT reason FROM retired WHERE cluster_id = ?').pluck()
  return {
    cluster(clusterId: string): ClusterRecord | undefined {
      const row = head.get(clusterId)
      if (row === undefined) return undefined
      const structured = structure.get(clusterId)
      const aside = quarantined.get(clusterId)
      return {
        ...row,
        isLone: row.isLone === 1,
        members: members.all(clusterId),
        frontierState: frontier.get(clusterId) ?? null,
        done: done.get(clusterId) ?? null,
        attempts: attempts.all(clusterId).map(shaped),
        structure:
          structured === undefined
            ? null
            : {
                ...structured,
                structure: JSON.parse(structured.structure) as Structure,
                salvaged: JSON.parse(structured.salvaged) as FailureCode[],
              },
        deltas: deltas.all(clusterId),
        quarantine:
          aside === undefined
            ? null
            : {
                ...aside,
                codes: JSON.parse(aside.codes) as FailureCode[],
                findings: JSON.parse(aside.findings) as Finding[],
              },
      }
    },
    attempt(attemptId: number): AttemptRecord | undefined {
      const row = attempt.get(attemptId)
      return row && shaped(row)
    },
    /** Of a cluster that is gone: they were paid for, so they stay. */
    attemptsOf: (clusterId: string): AttemptRecord[] => attempts.all(clusterId).map(shaped),
    /** Why the plan took the cluster back; undefined where it did not. */
    retiredReason: (clusterId: string): string | undefined => retired.get(clusterId),
  }
}

const shaped = ({ errorCodes, isSuperseded, ...row }: RawAttempt): AttemptRecord => ({
  ...row,
  errorCodes: errorCodes === null ? null : (JSON.parse(errorCodes) as FailureCode[]),
  isSuperseded: isSuperseded === 1,
})
