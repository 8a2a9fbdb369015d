/** What a shard brings to a merge, counted; the shard file is attached under `schema`. */
import type { MergeInput } from '../../schemas/manifest.ts'
import type { Db } from '../open.ts'

export function countShard(db: Db, schema: string): Omit<MergeInput, 'shard_no' | 'delta_digest'> {
  const count = (from: string): string => `(SELECT count(*) FROM ${schema}.${from})`
  return db
    .prepare<[], Omit<MergeInput, 'shard_no' | 'delta_digest'>>(
      `SELECT ${count('clusters')} AS clusters, ${count('frontier')} AS todo,
         ${count("done WHERE outcome = 'ok'")} AS ok, ${count("done WHERE outcome = 'quarantined'")} AS quarantined,
         ${count('structures WHERE materialised_version IS NULL')} AS unmaterialised,
         ${count('retired')} AS retired,
         ${count('delta_concepts')} AS delta_concepts, ${count('delta_members')} AS delta_members,
         ${count('delta_edges')} AS delta_edges, ${count('delta_links')} AS delta_links`,
    )
    .get()!
}
