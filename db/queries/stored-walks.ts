/** What replay reads and writes: clusters that are done, the answers that were stored for them, and what stands now. */
import type { Cluster, ClusterMember } from '../../schemas/cluster.ts'
import type { FailureCode } from '../../schemas/failure.ts'
import type { Finding } from '../../schemas/finding.ts'
import type { FinishReason } from '../../schemas/prompt.ts'
import type { ClusterOutcome, Lane, QuarantineState } from '../../schemas/states.ts'
import type { Db } from '../open.ts'

export interface DoneCluster {
  readonly cluster: Cluster
  readonly outcome: ClusterOutcome
  readonly runId: number
  /** The attempt that decided it; null where a person did, or nobody ever answered. */
  readonly attemptId: number | null
  /** null where it is quarantined. */
  readonly structure: StandingStructure | null
  /** null where it never was a case. */
  readonly quarantine: StandingCase | null
}

export interface StandingStructure {
  /** null: a person's. */
  readonly attemptId: number | null
  readonly structure: unknown
  readonly salvaged: readonly FailureCode[]
  readonly taskVersion: number
}

export interface StandingCase {
  readonly state: QuarantineState
  readonly codes: readonly FailureCode[]
  readonly signature: string
  readonly findings: readonly Finding[]
}

export interface MadeAttempt {
  readonly attemptId: number
  readonly lane: Lane
  readonly provider: string
  /** null where none came, or where it was asked anew since. */
  readonly answer: { readonly text: string; readonly finishReason: FinishReason } | null
}

/** By cluster_id: it is a hash, so the order is the same for any number of shards, and it is the key of both tables. */
const PAGE = `
  SELECT c.cluster_id AS clusterId, c.seed_fact_id AS seedFactId, c.round, c.domain, c.is_lone AS isLone,
    d.outcome, d.run_id AS runId, d.attempt_id AS attemptId,
    s.attempt_id AS structureAttemptId, s.structure, s.salvaged, s.task_version AS taskVersion,
    q.state, q.codes, q.signature, q.findings
  FROM done d
  JOIN clusters c USING (cluster_id)
  LEFT JOIN structures s USING (cluster_id)
  LEFT JOIN quarantine q USING (cluster_id)
  WHERE d.cluster_id > @after AND (@domain IS NULL OR c.domain = @domain)
  ORDER BY d.cluster_id LIMIT @limit`

const MEMBERS = `
  SELECT i, standing, fact_id AS factId, dup_group_id AS dupGroupId, domain, text
  FROM cluster_members WHERE cluster_id = ? ORDER BY i`

const ATTEMPTS = `
  SELECT a.attempt_id AS attemptId, a.lane, a.provider, w.body AS text, a.finish_reason AS finishReason
  FROM attempts a LEFT JOIN answers w ON w.attempt_id = a.attempt_id AND w.superseded = 0
  WHERE a.cluster_id = ? ORDER BY a.attempt_id`

interface Row extends Omit<Cluster, 'members' | 'isLone'> {
  readonly isLone: number
  readonly outcome: ClusterOutcome
  readonly runId: number
  readonly attemptId: number | null
  readonly structureAttemptId: number | null
  readonly structure: string | null
  readonly salvaged: string | null
  readonly taskVersion: number | null
  readonly state: QuarantineState | null
  readonly codes: string | null
  readonly signature: string | null
  readonly findings: string | null
}

type RawAttempt = Omit<MadeAttempt, 'answer'> & { text: string | null; finishReason: FinishReason | null }

export function storedWalkQueries(db: Db) {
  const page = db.prepare<object, Row>(PAGE)
  const members = db.prepare<[string], ClusterMember>(MEMBERS)
  const attempts = db.prepare<[string], RawAttempt>(ATTEMPTS)
  const reopen = db.prepare('DELETE FROM done WHERE cluster_id = ?')
  const removeStructure = db.prepare('DELETE FROM structures WHERE cluster_id = ?')
  const stamp = db.prepare('UPDATE structures SET task_version = @taskVersion WHERE cluster_id = @clusterId')
  return {
    /** @param after the last id of the page before; the empty string for the first page */
    pageAfter: (after: string, domain: string | null, limit: number): DoneCluster[] =>
      page.all({ after, domain, limit }).map((row) => shaped(row, members.all(row.clusterId))),
    /** In the order in which they were made. */
    attemptsOf: (clusterId: string): MadeAttempt[] =>
      attempts.all(clusterId).map(({ text, finishReason, ...row }) => ({
        ...row,
        answer: text === null || finishReason === null ? null : { text, finishReason },
      })),
    /** Its outcome is about to be written anew, in the same transaction. */
    forgetOutcome: (clusterId: string): void => void reopen.run(clusterId),
    removeStructure: (clusterId: string): void => void removeStructure.run(clusterId),
    /** The same structure, judged by a newer version: its deltas stay. */
    stampVersion: (clusterId: string, taskVersion: number): void =>
      void stamp.run({ clusterId, taskVersion }),
  }
}

function shaped(row: Row, members: readonly ClusterMember[]): DoneCluster {
  const { clusterId, seedFactId, round, domain, isLone, outcome, runId, attemptId } = row
  return {
    cluster: { clusterId, seedFactId, round, domain, isLone: isLone === 1, members },
    outcome,
    runId,
    attemptId,
    structure:
      row.structure === null
        ? null
        : {
            attemptId: row.structureAttemptId,
            structure: JSON.parse(row.structure) as unknown,
            salvaged: JSON.parse(row.salvaged!) as FailureCode[],
            taskVersion: row.taskVersion!,
          },
    quarantine:
      row.state === null
        ? null
        : {
            state: row.state,
            codes: JSON.parse(row.codes!) as FailureCode[],
            signature: row.signature!,
            findings: JSON.parse(row.findings!) as Finding[],
          },
  }
}
