/** What ok.jsonl and bad.jsonl say of a cluster, and how far they were written. */
import type { Db } from '../open.ts'

export interface OutcomeLine {
  readonly doneSeq: number
  readonly outcome: 'ok' | 'quarantined'
  readonly line: string
}

/** Built by SQLite, so that a line is what the tables say and nothing else. */
const LINES = `
  SELECT d.done_seq AS doneSeq, d.outcome, json_object(
    'cluster_id', d.cluster_id, 'seed_fact_id', d.seed_fact_id, 'domain', c.domain,
    'lane', a.lane, 'provider', a.provider, 'model', coalesce(a.answered_by, a.model),
    'attempt_id', d.attempt_id, 'prompt_digest', a.prompt_digest, 'schema_digest', a.schema_digest,
    'task_version', coalesce(s.task_version, a.task_version),
    'by_person', json(CASE WHEN d.outcome = 'ok' AND s.attempt_id IS NULL THEN 'true' ELSE 'false' END),
    'salvaged', json(coalesce(s.salvaged, '[]')),
    'structure', json(s.structure),
    'codes', json(coalesce(q.codes, '[]')), 'findings', json(coalesce(q.findings, '[]')),
    'answer', CASE WHEN d.outcome = 'quarantined' THEN w.body END,
    'facts', json((SELECT json_group_array(json_object('i', m.i, 'standing', m.standing, 'fact_id', m.fact_id,
        'dup_group_id', m.dup_group_id, 'text', m.text))
      FROM (SELECT * FROM cluster_members WHERE cluster_id = d.cluster_id ORDER BY i) m))
  ) AS line
  FROM done d
  JOIN clusters c USING (cluster_id)
  LEFT JOIN attempts a ON a.attempt_id = d.attempt_id
  LEFT JOIN answers w ON w.attempt_id = a.attempt_id
  LEFT JOIN structures s ON s.cluster_id = d.cluster_id
  LEFT JOIN quarantine q ON q.cluster_id = d.cluster_id AND d.outcome = 'quarantined'
  WHERE d.run_id = @runId AND d.done_seq > @after
  ORDER BY d.done_seq LIMIT @limit`

export function outcomeLineQueries(db: Db) {
  const lines = db.prepare<object, OutcomeLine>(LINES)
  const get = db.prepare<[string], { value: number }>('SELECT value FROM cursors WHERE name = ?')
  const put = db.prepare(
    'INSERT INTO cursors (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  return {
    after: (runId: number, doneSeq: number, limit: number): OutcomeLine[] =>
      lines.all({ runId, after: doneSeq, limit }),
    cursor: (name: string): number => get.get(name)?.value ?? 0,
    moveCursor: (name: string, value: number): void => void put.run(name, value),
  }
}
