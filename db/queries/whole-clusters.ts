/** Clusters of a shard with their facts, many at once: one by one, reading took as long as writing the answers. */
import type { Cluster, ClusterMember } from '../../schemas/cluster.ts'
import type { Db } from '../open.ts'

const CLUSTERS = `
  SELECT cluster_id, seed_fact_id, round, domain, is_lone
  FROM clusters WHERE cluster_id IN (SELECT value FROM json_each(?))`

const MEMBERS = `
  SELECT cluster_id, i, standing, fact_id, dup_group_id, domain, text
  FROM cluster_members WHERE cluster_id IN (SELECT value FROM json_each(?)) ORDER BY cluster_id, i`

type ClusterRow = [clusterId: string, seedFactId: string, round: number, domain: string, isLone: number]
type MemberRow = [
  clusterId: string,
  i: number,
  standing: ClusterMember['standing'],
  factId: string,
  dupGroupId: string,
  domain: string,
  text: string,
]

export function wholeClusterQueries(db: Db) {
  // As arrays: rows as objects, made column by column, took a third longer.
  const clusters = db.prepare<[string], ClusterRow>(CLUSTERS).raw()
  const members = db.prepare<[string], MemberRow>(MEMBERS).raw()
  return {
    /** @returns by id; one that is not there is missing */
    byIds(clusterIds: readonly string[]): Map<string, Cluster> {
      const ids = JSON.stringify(clusterIds)
      const membersOf = new Map<string, ClusterMember[]>()
      for (const [clusterId, i, standing, factId, dupGroupId, domain, text] of members.all(ids)) {
        const member = { i, standing, factId, dupGroupId, domain, text }
        const known = membersOf.get(clusterId)
        if (known === undefined) membersOf.set(clusterId, [member])
        else known.push(member)
      }
      const whole = new Map<string, Cluster>()
      for (const [clusterId, seedFactId, round, domain, isLone] of clusters.all(ids)) {
        const members = membersOf.get(clusterId) ?? []
        whole.set(clusterId, { clusterId, seedFactId, round, domain, isLone: isLone === 1, members })
      }
      return whole
    },
  }
}
