import { availableParallelism } from 'node:os'
import type { Config } from '../../../schemas/config.ts'

/** A shard is one task, so more threads than shards would idle. @returns at least 1 */
export const threadCountOf = ({ run }: Config, shardCount: number): number =>
  Math.max(1, Math.min(run.threads === 0 ? availableParallelism() : run.threads, shardCount))
