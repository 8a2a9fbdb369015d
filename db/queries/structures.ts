/** Judged answers, as PassM reads them; outcomes.ts writes them. */
import type { Cluster } from '../../schemas/cluster.ts'
import { type Structure, structureSchema } from '../../schemas/structure.ts'
import type { Db } from '../open.ts'
import { wholeClusterQueries } from './whole-clusters.ts'

export interface StructuredCluster {
  readonly cluster: Cluster
  readonly structure: Structure
}

const SELECT = 'SELECT cluster_id AS clusterId, structure FROM structures'

const NEW = `${SELECT} WHERE materialised_version IS NULL ORDER BY cluster_id LIMIT @limit`

/** Those of an earlier version come after the new ones; the same index finds both. */
const OLDER = `${SELECT} WHERE materialised_version < @version ORDER BY cluster_id LIMIT @limit`

const MATERIALISED = `${SELECT} WHERE materialised_version = ? ORDER BY cluster_id`

interface Row {
  readonly clusterId: string
  readonly structure: string
}

export function structureQueries(db: Db) {
  const fresh = db.prepare<object, Row>(NEW)
  const older = db.prepare<object, Row>(OLDER)
  const clusters = wholeClusterQueries(db)
  const materialised = db.prepare<[number], Row>(MATERIALISED)
  const taskVersion = db
    .prepare<[string], number>('SELECT task_version FROM structures WHERE cluster_id = ?')
    .pluck()
  const mark = db.prepare(
    'UPDATE structures SET materialised_version = @version WHERE cluster_id = @clusterId',
  )
  return {
    /** In cluster_id order, those without deltas first, then those with deltas of a version before this one. */
    toMaterialise(version: number, limit: number): StructuredCluster[] {
      const first = fresh.all({ limit })
      const rest = first.length < limit ? older.all({ version, limit: limit - first.length }) : []
      const rows = [...first, ...rest]
      const whole = clusters.byIds(rows.map(({ clusterId }) => clusterId))
      return rows.map(({ clusterId, structure }) => ({
        cluster: whole.get(clusterId)!,
        structure: structureSchema.parse(JSON.parse(structure)),
      }))
    },
    /** Those with deltas of this version, in cluster_id order; memory holds one at a time. */
    *materialised(version: number): Generator<StructuredCluster> {
      for (const { clusterId, structure } of materialised.iterate(version))
        yield {
          cluster: clusters.byIds([clusterId]).get(clusterId)!,
          structure: structureSchema.parse(JSON.parse(structure)),
        }
    },
    /** @returns undefined where the cluster has no structure */
    taskVersionOf: (clusterId: string): number | undefined => taskVersion.get(clusterId),
    markMaterialised: (clusterId: string, version: number): void => void mark.run({ clusterId, version }),
  }
}
