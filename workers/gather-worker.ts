/** Thread entry of PassG's gathering: reads groups of shards until none is left. Loaded by URL, never imported. */
import { workerData } from 'piscina'
import {
  asThrown,
  readShardShare,
  type ShardShare,
  type ShardShares,
  type Thrown,
} from '../src/control/merge/read-shard-share.ts'

/** A class that is thrown here arrives without its name, code and fields; so it is returned as data. */
export default function gatherWorker(): ShardShare | { thrown: Thrown } {
  try {
    return readShardShare(workerData as ShardShares)
  } catch (cause) {
    return { thrown: asThrown(cause) }
  }
}
