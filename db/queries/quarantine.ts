/** The cases in quarantine: read through, retried, and what a person decided about them. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { Finding } from '../../schemas/finding.ts'
import type { QuarantineState } from '../../schemas/states.ts'
import type { Db } from '../open.ts'

/** The model is the one whose answer, or silence, was the last: as it was asked for, and as the provider calls it. */
const LIST = `
  SELECT q.cluster_id AS clusterId, c.seed_fact_id AS seedFactId, c.domain, q.state, q.codes, q.signature, q.note,
    a.provider || '/' || a.model AS model
  FROM quarantine q JOIN clusters c USING (cluster_id) LEFT JOIN attempts a ON a.attempt_id = q.attempt_id
  WHERE (@code IS NULL OR EXISTS (SELECT 1 FROM json_each(q.codes) WHERE value = @code))
    AND (@domain IS NULL OR c.domain = @domain) AND (@signature IS NULL OR q.signature = @signature)
    AND (@state IS NULL OR q.state = @state)
    AND (@model IS NULL OR @model IN (a.model, a.answered_by, a.provider || '/' || a.model))
  ORDER BY c.key, q.cluster_id LIMIT @limit`

export interface QuarantineFilter {
  readonly code: string | null
  readonly domain: string | null
  readonly signature: string | null
  /** As it was asked for, with or without its provider, or as the provider calls it. */
  readonly model: string | null
  readonly state: QuarantineState | null
  readonly limit: number
}

export interface QuarantinedCase {
  readonly clusterId: string
  readonly seedFactId: string
  readonly domain: string
  readonly state: QuarantineState
  readonly codes: FailureCode[]
  readonly signature: string
  readonly note: string
  /** Who was asked last, as provider/model; null where nobody was. */
  readonly model: string | null
}

/** What a person can say of a case without changing what is done. */
export type Marking = Extract<QuarantineState, 'accepted_missing' | 'needs_review'>

export function quarantineQueries(db: Db) {
  type Raw = Omit<QuarantinedCase, 'codes'> & { codes: string }
  const list = db.prepare<object, Raw>(LIST)
  const reopen = db.prepare(
    `INSERT INTO frontier (seed_fact_id, cluster_id, key)
     SELECT seed_fact_id, cluster_id, key FROM clusters WHERE cluster_id = ?`,
  )
  const undo = db.prepare(
    'DELETE FROM done WHERE cluster_id = ? AND EXISTS (SELECT 1 FROM quarantine q WHERE q.cluster_id = done.cluster_id)',
  )
  const dropStructure = db.prepare('DELETE FROM structures WHERE cluster_id = ?')
  const setState = db.prepare(
    'UPDATE quarantine SET state = @state, note = @note WHERE cluster_id = @clusterId',
  )
  const decide = db.prepare(
    `UPDATE quarantine SET state = @state, note = @note
     WHERE cluster_id = @clusterId AND state IN ('quarantined', 'accepted_missing', 'needs_review')`,
  )
  const runOf = db.prepare<[string], number>('SELECT run_id FROM done WHERE cluster_id = ?').pluck()
  const find = db.prepare<[string], { findings: string }>(
    'SELECT findings FROM quarantine WHERE cluster_id = ?',
  )
  const shaped = (row: Raw): QuarantinedCase => ({ ...row, codes: JSON.parse(row.codes) as FailureCode[] })
  return {
    list: (filter: QuarantineFilter): QuarantinedCase[] => list.all(filter).map(shaped),
    /** One after another, for a reader whose memory must not grow with them. */
    *each(filter: QuarantineFilter): Generator<QuarantinedCase> {
      for (const row of list.iterate(filter)) yield shaped(row)
    },
    findings: (clusterId: string): Finding[] =>
      JSON.parse(find.get(clusterId)?.findings ?? '[]') as Finding[],
    /**
     * Back into the frontier, with what a person wrote for it undone; its deltas are the caller's. The case stays,
     * marked, until a new outcome resolves it.
     *
     * @returns whether it was one that is done
     */
    retry(clusterId: string): boolean {
      if (undo.run(clusterId).changes === 0) return false
      dropStructure.run(clusterId)
      reopen.run(clusterId)
      setState.run({ clusterId, state: 'retried', note: '' })
      return true
    },
    /** Its outcome stays `quarantined`. @returns false where it is to do again, or corrected */
    mark: (clusterId: string, state: Marking, note: string): boolean =>
      decide.run({ clusterId, state, note }).changes > 0,
    /** A structure of a person's stands for it now. */
    markCorrected: (clusterId: string, note: string): void =>
      void setState.run({ clusterId, state: 'corrected', note }),
    /** The run that decided it; undefined while it is to do. */
    decidedBy: (clusterId: string): number | undefined => runOf.get(clusterId),
  }
}
