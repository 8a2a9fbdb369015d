/** The clusters of a shard file, as a plan writes them. */
import type { Cluster, ClusterMember } from '../../schemas/cluster.ts'
import type { Db } from '../open.ts'

export function shardClusterQueries(db: Db) {
  const members = db.prepare<[string], ClusterMember>(
    `SELECT i, standing, fact_id AS factId, dup_group_id AS dupGroupId, domain, text
     FROM cluster_members WHERE cluster_id = ? ORDER BY i`,
  )
  const insert = db.prepare(
    `INSERT INTO clusters (cluster_id, seed_fact_id, round, key, domain, member_count, is_lone)
     VALUES (@clusterId, @seedFactId, @round, @key, @domain, @memberCount, @isLone)`,
  )
  const insertMember = db.prepare(
    `INSERT INTO cluster_members (cluster_id, i, standing, fact_id, dup_group_id, domain, text)
     VALUES (@clusterId, @i, @standing, @factId, @dupGroupId, @domain, @text)`,
  )
  const insertFrontier = db.prepare(
    'INSERT INTO frontier (seed_fact_id, cluster_id, key) VALUES (@seedFactId, @clusterId, @key)',
  )
  const remove = db.prepare('DELETE FROM clusters WHERE cluster_id = ?')
  const retire = db.prepare(
    'INSERT INTO retired (cluster_id, reason) VALUES (@clusterId, @reason) ON CONFLICT DO NOTHING',
  )
  const unretire = db.prepare('DELETE FROM retired WHERE cluster_id = ?')
  return {
    members: (clusterId: string): ClusterMember[] => members.all(clusterId),
    /**
     * Puts a cluster into the frontier. One that is there with other facts is stale: its outcome, structure and deltas
     * go (by cascade), its attempts and answers stay.
     */
    put(cluster: Cluster, key: bigint): void {
      const { clusterId, seedFactId, round, domain, isLone } = cluster
      remove.run(clusterId)
      unretire.run(clusterId)
      insert.run({
        clusterId,
        seedFactId,
        round,
        key,
        domain,
        memberCount: cluster.members.length,
        isLone: isLone ? 1 : 0,
      })
      for (const member of cluster.members) insertMember.run({ clusterId, ...member })
      insertFrontier.run({ seedFactId, clusterId, key })
    },
    retire(clusterId: string, reason: string): void {
      remove.run(clusterId)
      retire.run({ clusterId, reason })
    },
  }
}
