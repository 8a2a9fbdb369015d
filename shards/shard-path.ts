import { join } from 'node:path'

/** Four digits at least, so that a listing is in order; a shard's number is a name and may have five. */
export const shardName = (shardNo: number): string => String(shardNo).padStart(4, '0')

export const shardPath = (shardsDir: string, shardNo: number): string =>
  join(shardsDir, `${shardName(shardNo)}.sqlite`)
