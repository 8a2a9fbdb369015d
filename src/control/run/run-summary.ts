import type { Failure } from '../../../schemas/failure.ts'
import type { Profile } from '../../../schemas/profile.ts'
import type { ShardCounts, ShardSummary } from '../../../workers/protocol.ts'
import type { HeldShard } from './claim-shards.ts'

/** What one `run` did, over all shards that it worked on. */
export interface RunSummary {
  readonly runId: number
  readonly runTag: string
  readonly isClosed: boolean
  readonly shards: readonly ShardSummary[]
  readonly counts: ShardCounts
  /** Shards that somebody else works on. */
  readonly held: readonly HeldShard[]
  /** Why the run stopped early, the weightiest reason of all; null where it did not. */
  readonly stop: Failure | null
  /** When the same command is worth giving again, where time alone will help; null where nobody knows. */
  readonly comeBackAtMs: number | null
  /** Clusters that wait for the last sweep, over all shards. */
  readonly waiting: number
  readonly todo: number
  /** Where the time went, over all shards; null unless it was asked for. */
  readonly profile: Profile | null
}
