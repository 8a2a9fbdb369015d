/** A fact, forwards: input → coverage → clusters → concepts it is a member of and edges it is evidence for. */
import { clusterRecords } from '../../../db/queries/cluster-record.ts'
import type { ClusterPlace } from '../../../db/queries/fact-provenance.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { factDossierSchema } from '../../../schemas/output/inspect.ts'
import { holds } from '../../../shards/hash-range.ts'
import { shardsOf, visitShard } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import type { Sources } from './open-sources.ts'

export interface FactCluster extends Omit<ClusterPlace, 'seedKey'> {
  readonly shardNo: number | null
  /** todo, sweep, ok or quarantined; what is wrong with the shard where it cannot be read. */
  readonly standsAt: string
}

export type FactDossier = Inferred<typeof factDossierSchema>

export function inspectFact(sources: Sources, factId: string): FactDossier | undefined {
  const { workspace, corpus, field, fieldTag } = sources
  const fact = corpus.fact(factId)
  if (fact === undefined) return undefined
  return {
    kind: 'fact',
    ...fact,
    group: corpus.group(fact),
    clusters: corpus.clusters(factId).map((place) => placed(workspace, place)),
    fieldTag,
    concepts: field?.origins.memberships(factId) ?? [],
    supports: field?.origins.supportedEdges(factId) ?? [],
    relations: field?.origins.relations(factId) ?? [],
  }
}

function placed(workspace: Workspace, { seedKey, ...place }: ClusterPlace): FactCluster {
  const shard = shardsOf(workspace).find(({ keyFirst, keyLast }) =>
    holds({ first: keyFirst, last: keyLast }, seedKey),
  )
  if (shard === undefined) return { ...place, shardNo: null, standsAt: 'not written to a shard yet' }
  const visited = visitShard(workspace, shard, (db) => {
    const record = clusterRecords(db).cluster(place.clusterId)
    return record?.frontierState ?? record?.done?.outcome ?? 'not written to its shard yet'
  })
  return {
    ...place,
    shardNo: shard.shardNo,
    standsAt: visited.ok ? visited.value : `unknown: ${visited.failure.message}`,
  }
}
