/** The cases in quarantine: read through, retried, marked. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { Finding } from '../../schemas/finding.ts'
import type { QuarantineState } from '../../schemas/states.ts'
import type { Db } from '../open.ts'

const LIST = `
  SELECT q.cluster_id AS clusterId, c.seed_fact_id AS seedFactId, c.domain, q.state, q.codes, q.signature, q.note
  FROM quarantine q JOIN clusters c USING (cluster_id)
  WHERE (@code IS NULL OR EXISTS (SELECT 1 FROM json_each(q.codes) WHERE value = @code))
    AND (@domain IS NULL OR c.domain = @domain) AND (@signature IS NULL OR q.signature = @signature)
    AND (@state IS NULL OR q.state = @state)
  ORDER BY c.key, q.cluster_id LIMIT @limit`

export interface QuarantineFilter {
  readonly code: string | null
  readonly domain: string | null
  readonly signature: string | null
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
}

export function quarantineQueries(db: Db) {
  const list = db.prepare<object, Omit<QuarantinedCase, 'codes'> & { codes: string }>(LIST)
  const reopen = db.prepare(
    `INSERT INTO frontier (seed_fact_id, cluster_id, key)
     SELECT seed_fact_id, cluster_id, key FROM clusters WHERE cluster_id = ?`,
  )
  const undo = db.prepare("DELETE FROM done WHERE cluster_id = ? AND outcome = 'quarantined'")
  const setState = db.prepare(
    'UPDATE quarantine SET state = @state, note = @note WHERE cluster_id = @clusterId',
  )
  const find = db.prepare<[string], { findings: string }>(
    'SELECT findings FROM quarantine WHERE cluster_id = ?',
  )
  return {
    list: (filter: QuarantineFilter): QuarantinedCase[] =>
      list.all(filter).map((row) => ({ ...row, codes: JSON.parse(row.codes) as FailureCode[] })),
    findings: (clusterId: string): Finding[] =>
      JSON.parse(find.get(clusterId)?.findings ?? '[]') as Finding[],
    /** Back into the frontier; the case stays, marked, until a new outcome resolves it. @returns whether it was one */
    retry(clusterId: string): boolean {
      if (undo.run(clusterId).changes === 0) return false
      reopen.run(clusterId)
      setState.run({ clusterId, state: 'retried', note: '' })
      return true
    },
    mark: (clusterId: string, state: QuarantineState, note: string): void =>
      void setState.run({ clusterId, state, note }),
  }
}
