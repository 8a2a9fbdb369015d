/** The questions whose answers decided clusters, with the request keys that they were stored under. */
import type { Cluster, ClusterMember } from '../../schemas/cluster.ts'
import type { Db } from '../open.ts'

export interface AskedQuestion {
  readonly cluster: Cluster
  readonly runId: number
  readonly provider: string
  readonly model: string
  readonly requestKey: string
  readonly promptDigest: string
  readonly schemaDigest: string
}

/** A repair quotes what was wrong, by the validators of its time; the other lanes ask about the facts alone. */
const DECISIVE = `
  SELECT c.cluster_id AS clusterId, c.seed_fact_id AS seedFactId, c.round, c.domain, c.is_lone AS isLone,
    a.run_id AS runId, a.provider, a.model, a.request_key AS requestKey, a.prompt_digest AS promptDigest,
    a.schema_digest AS schemaDigest
  FROM done d JOIN clusters c USING (cluster_id) JOIN attempts a ON a.attempt_id = d.attempt_id
  WHERE a.lane <> 'repair' ORDER BY d.cluster_id`

const MEMBERS = `
  SELECT i, standing, fact_id AS factId, dup_group_id AS dupGroupId, domain, text
  FROM cluster_members WHERE cluster_id = ? ORDER BY i`

type Row = Omit<Cluster, 'members' | 'isLone'> & { isLone: number } & Omit<AskedQuestion, 'cluster'>

/** In cluster_id order; memory holds one at a time. */
export function* decisiveQuestions(db: Db): Generator<AskedQuestion> {
  const members = db.prepare<[string], ClusterMember>(MEMBERS)
  for (const row of db.prepare<[], Row>(DECISIVE).iterate()) {
    const { clusterId, seedFactId, round, domain, isLone, ...asked } = row
    const cluster = {
      clusterId,
      seedFactId,
      round,
      domain,
      isLone: isLone === 1,
      members: members.all(clusterId),
    }
    yield { cluster, ...asked }
  }
}
