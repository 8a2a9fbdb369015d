/** The clusters that a plan made, changed or took back, as they go into the shard files. Of the corpus file. */
import type { Cluster, ClusterMember } from '../../schemas/cluster.ts'
import type { Db } from '../open.ts'

/** Plans by number: behind the last one that was finished, up to this one. */
export interface PlanSpan {
  readonly after: number
  readonly through: number
}

export interface PlannedCluster extends Cluster {
  readonly key: bigint
}

const CLUSTERS = `
  SELECT c.cluster_id AS clusterId, f.fact_id AS seedFactId, c.round, f.domain, f.key
  FROM clusters c JOIN facts f ON f.fact_no = c.seed_fact_no
  WHERE c.plan_no > @after AND c.plan_no <= @through
  ORDER BY f.key, c.cluster_id`

const MEMBERS = `
  SELECT m.i, m.standing, f.fact_id AS factId, f.dup_group_id AS dupGroupId, f.domain, f.text
  FROM cluster_facts m JOIN facts f USING (fact_no)
  WHERE m.cluster_id = ? ORDER BY m.i`

type ClusterRow = Omit<PlannedCluster, 'members' | 'isLone' | 'round'> & { round: bigint }

export function plannedClusterQueries(db: Db) {
  const clusters = db.prepare<object, ClusterRow>(CLUSTERS).safeIntegers()
  const members = db.prepare<[string], ClusterMember>(MEMBERS)
  const retired = db
    .prepare<object, { clusterId: string; key: bigint; reason: string }>(
      'SELECT cluster_id AS clusterId, seed_key AS key, reason FROM retired WHERE plan_no > @after AND plan_no <= @through ORDER BY seed_key, cluster_id',
    )
    .safeIntegers()
  return {
    /** In key order, so each shard file is written once. Memory holds one cluster at a time. */
    *ofPlans(plans: PlanSpan): Generator<PlannedCluster> {
      for (const row of clusters.iterate(plans)) {
        const rows = members.all(row.clusterId)
        yield { ...row, round: Number(row.round), isLone: rows.length === 1, members: rows }
      }
    },
    retiredBy: (plans: PlanSpan) => retired.all(plans),
  }
}
