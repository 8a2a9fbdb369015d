/** Adds up what shards say of themselves. Each phase of a shard counts from nothing, so what it ended with is kept. */
import type { ShardCounts } from '../../../workers/protocol.ts'
import { figures } from '../figures.ts'
import type { RunProgress } from './run-options.ts'

const COUNTS = figures('ok', 'salvaged', 'quarantined', 'unanswered', 'asked', 'reused', 'microUsd')
const NOTHING = COUNTS.sum([])

export interface TalliedShard {
  readonly shardNo: number
  readonly counts: ShardCounts
  /** Whether a thread works on it now. */
  readonly isActive: boolean
}

export interface ProgressTally {
  heed(progress: RunProgress): void
  total(): ShardCounts
  /** Those that said anything, by number. */
  shards(): TalliedShard[]
}

export function tallyProgress(): ProgressTally {
  const ended = new Map<number, ShardCounts>()
  const underWay = new Map<number, ShardCounts>()
  const countsOf = (shardNo: number): ShardCounts =>
    sumCounts([ended.get(shardNo) ?? NOTHING, underWay.get(shardNo) ?? NOTHING])
  return {
    heed({ shardNo, counts, isOver }) {
      underWay.set(shardNo, counts)
      if (!isOver) return
      ended.set(shardNo, countsOf(shardNo))
      underWay.delete(shardNo)
    },
    total: () => sumCounts([...ended.values(), ...underWay.values()]),
    shards: () =>
      [...new Set([...ended.keys(), ...underWay.keys()])]
        .sort((a, b) => a - b)
        .map((shardNo) => ({ shardNo, counts: countsOf(shardNo), isActive: underWay.has(shardNo) })),
  }
}

export const sumCounts = (all: readonly ShardCounts[]): ShardCounts => COUNTS.sum(all)
