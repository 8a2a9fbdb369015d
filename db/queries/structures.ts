/** Judged answers, as PassM reads them; outcomes.ts writes them. */
import type { Cluster, ClusterMember } from '../../schemas/cluster.ts'
import { type Structure, structureSchema } from '../../schemas/structure.ts'
import type { Db } from '../open.ts'

export interface StructuredCluster {
  readonly cluster: Cluster
  readonly structure: Structure
}

const SELECT = `
  SELECT s.structure, c.cluster_id AS clusterId, c.seed_fact_id AS seedFactId, c.round, c.domain, c.is_lone AS isLone
  FROM structures s JOIN clusters c USING (cluster_id)`

const NEW = `${SELECT} WHERE s.materialised_version IS NULL ORDER BY s.cluster_id LIMIT @limit`

/** Those of an earlier version come after the new ones; the same index finds both. */
const OLDER = `${SELECT} WHERE s.materialised_version < @version ORDER BY s.cluster_id LIMIT @limit`

const MEMBERS = `
  SELECT i, standing, fact_id AS factId, dup_group_id AS dupGroupId, domain, text
  FROM cluster_members WHERE cluster_id = ? ORDER BY i`

type Row = Omit<Cluster, 'members' | 'isLone'> & { structure: string; isLone: number }

export function structureQueries(db: Db) {
  const fresh = db.prepare<object, Row>(NEW)
  const older = db.prepare<object, Row>(OLDER)
  const members = db.prepare<[string], ClusterMember>(MEMBERS)
  const mark = db.prepare(
    'UPDATE structures SET materialised_version = @version WHERE cluster_id = @clusterId',
  )
  const withMembers = ({ structure, isLone, ...cluster }: Row): StructuredCluster => ({
    cluster: { ...cluster, isLone: isLone === 1, members: members.all(cluster.clusterId) },
    structure: structureSchema.parse(JSON.parse(structure)),
  })
  return {
    /** In cluster_id order, those without deltas first, then those with deltas of a version before this one. */
    toMaterialise(version: number, limit: number): StructuredCluster[] {
      const first = fresh.all({ limit })
      const rest = first.length < limit ? older.all({ version, limit: limit - first.length }) : []
      return [...first, ...rest].map(withMembers)
    },
    markMaterialised: (clusterId: string, version: number): void => void mark.run({ clusterId, version }),
  }
}
