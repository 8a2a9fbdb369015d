import { clusterIdOf } from '../../schemas/ids.ts'
import { loadHashKey } from '../../shards/hash-key.ts'

const keyOf = await loadHashKey()

/** The cluster that a plan makes of a seed first. */
export const firstClusterIdOf = (seedFactId: string): string => clusterIdOf(seedFactId, 0, keyOf(seedFactId))
