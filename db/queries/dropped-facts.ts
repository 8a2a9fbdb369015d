/** Facts that a model was shown as seed or member and kept nowhere: their cluster is done, and no concept has them. */
import type { Db } from '../open.ts'

/** Of a shard file. A seed is among them where the concept was named from another fact. */
const DROPPED = `
  SELECT m.fact_id AS factId, m.cluster_id AS clusterId
  FROM cluster_members m JOIN done d USING (cluster_id)
  WHERE m.standing <> 'context' AND d.outcome = 'ok'
    AND NOT EXISTS (SELECT 1 FROM delta_members k WHERE k.cluster_id = m.cluster_id AND k.fact_id = m.fact_id)
  ORDER BY m.cluster_id, m.i`

export function droppedFactQueries(shard: Db) {
  const dropped = shard.prepare<[], { factId: string; clusterId: string }>(DROPPED)
  const kept = shard.prepare<[], { factId: string }>('SELECT DISTINCT fact_id AS factId FROM delta_members')
  return { dropped: () => dropped.iterate(), kept: () => kept.iterate() }
}

/** Of the corpus file: a working table of this connection. */
export function releaseQueries(corpus: Db) {
  corpus.exec(`CREATE TEMP TABLE IF NOT EXISTS dropped (
    fact_id TEXT, cluster_id TEXT, PRIMARY KEY (fact_id, cluster_id)) STRICT, WITHOUT ROWID`)
  const add = corpus.prepare(
    'INSERT INTO temp.dropped (fact_id, cluster_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const keep = corpus.prepare('DELETE FROM temp.dropped WHERE fact_id = ?')
  const release = corpus.prepare(
    `DELETE FROM coverage WHERE role IN ('seed', 'member') AND (fact_no, cluster_id) IN (
       SELECT fact_no, cluster_id FROM facts JOIN temp.dropped USING (fact_id))`,
  )
  return {
    add: (factId: string, clusterId: string): void => void add.run(factId, clusterId),
    keep: (factId: string): void => void keep.run(factId),
    /**
     * Takes the facts out of the coverage, so that the next PassX covers them. One that was covered anew meanwhile, by
     * a plan that was killed before it was done, stays with its new cluster.
     *
     * @returns how many
     */
    release: (): number => release.run().changes,
  }
}
