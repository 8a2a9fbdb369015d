import type { Caps } from '../../../schemas/budget.ts'
import type { Steering } from '../../../schemas/steering.ts'
import type { ShardCounts } from '../../../workers/protocol.ts'
import type { TodoOfShard } from './count-todo.ts'

/** What a person asks of one `run`, beside the settings. */
export interface RunOptions {
  /** Numbers of the shards to work on; all if null. */
  readonly shardNos: readonly number[] | null
  /** Most clusters to ask for, taken in hash order over all these shards; all if null. */
  readonly limit: number | null
  readonly domain: string | null
  readonly isFresh: boolean
  /** Questions go out as batches, at half price; their answers are there when a later run looks. */
  readonly isBatch?: boolean
  /** Close the open run and begin another. */
  readonly isNew: boolean
  /** Of the whole run, for all its processes; a run that is open keeps those it began with. */
  readonly caps: Caps
  readonly promptText: string | null
  readonly env: Readonly<Record<string, string>>
  /** Aborted to drain: what is in flight is finished, nothing new begins. */
  readonly signal?: AbortSignal
  /** Measure where the time goes, and leave it in profile.json beside what the run wrote. */
  readonly isProfiled?: boolean
  /** Once, when shards are held and work begins. */
  readonly onLaunch?: (launch: RunLaunch) => void
  readonly onProgress?: (progress: RunProgress) => void
  /** Somebody paused the run, let it go on or changed its pace. */
  readonly onSteered?: (steering: Steering) => void
}

export interface RunLaunch {
  readonly runId: number
  readonly runTag: string
  readonly threads: number
  /** Those that are held at the start, with what is left to do in each. */
  readonly shards: readonly TodoOfShard[]
  /** Of the whole run. */
  readonly caps: Caps
}

export interface RunProgress {
  readonly shardNo: number
  /** Since the shard's phase began. */
  readonly counts: ShardCounts
  /** The last of the phase: no thread works on the shard any more. */
  readonly isOver: boolean
}
