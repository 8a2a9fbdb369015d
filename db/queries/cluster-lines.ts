/** The clusters of a shard as lines for people. Built by SQLite, so that a line is what the tables say. */
import type { Db } from '../open.ts'

export interface ClusterLine {
  readonly domain: string
  readonly line: string
}

const LINE = `
  SELECT c.domain, json_object(
    'cluster_id', c.cluster_id, 'seed_fact_id', c.seed_fact_id, 'round', c.round, 'domain', c.domain,
    'facts', json((SELECT json_group_array(json_object('i', m.i, 'standing', m.standing, 'fact_id', m.fact_id,
        'dup_group_id', m.dup_group_id, 'domain', m.domain, 'text', m.text))
      FROM (SELECT * FROM cluster_members WHERE cluster_id = c.cluster_id ORDER BY i) m))
  ) AS line
  FROM clusters c WHERE c.cluster_id = ?`

/** In key order. Memory holds one line at a time. */
export function* clusterLines(db: Db): Generator<ClusterLine> {
  const line = db.prepare<[string], ClusterLine>(LINE)
  const ids = db.prepare<[], string>('SELECT cluster_id FROM clusters ORDER BY key, cluster_id').pluck()
  for (const clusterId of ids.iterate()) yield line.get(clusterId)!
}
