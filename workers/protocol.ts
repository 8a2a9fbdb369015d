/** What crosses between host and threads: plain data only, since a thrown class arrives without its name and fields. */
import type { ShardMeta } from '../db/queries/shard-meta.ts'
import type { Caps, Cost, Grant } from '../schemas/budget.ts'
import type { Config } from '../schemas/config.ts'
import type { Failure } from '../schemas/failure.ts'
import type { Profile } from '../schemas/profile.ts'
import type { Steering } from '../schemas/steering.ts'

/** Where those meet who ask under one limit of a provider. */
export interface SharedLimit {
  /** All processes of the workspace. */
  readonly file: string
  readonly limitId: string
  /** All threads of this process: of placesWords. */
  readonly places: SharedArrayBuffer
}

/** By provider reference. */
export type SharedLimits = Readonly<Record<string, SharedLimit>>

/** One shard for one thread. */
export interface ShardJob {
  readonly shardPath: string
  readonly meta: ShardMeta
  /** The lease's epoch; every transaction that writes checks that it still holds. */
  readonly epoch: number
  readonly runId: number
  readonly phase: RunPhase
  /** Only this domain; all if null. */
  readonly domain: string | null
  /** Ask anew: answers of earlier runs are superseded. */
  readonly isFresh: boolean
  /** Questions go out as batches, where the provider takes them. */
  readonly isBatch?: boolean
  readonly config: Config
  readonly promptText: string | null
  /** The variables that hold the providers' keys; they go no further than the providers. */
  readonly env: Record<string, string>
  /** Folder of the run, for ok and bad lines. */
  readonly runDir: string
  /** Counters that all threads of a process share; see runner/transport-streak. */
  readonly signals: SharedArrayBuffer
  readonly caps: Caps
  /** How it begins; messages tell how it goes on. */
  readonly steering: Steering
  /** By provider reference; one without is asked without limit. */
  readonly limits: SharedLimits
  /** What all threads share about the usage window; null where none is set. */
  readonly window?: SharedArrayBuffer | null
  /** Say where the time went; see src/profile. */
  readonly isProfiled?: boolean
  /** Grants that the control file has given this shard and not got back. */
  readonly outstanding: readonly Grant[]
}

/** `lanes`: primary and repair up to a key. `sweep`: what is left, with the expensive lane up to a key. */
export type RunPhase =
  | { readonly kind: 'lanes'; readonly throughKey: bigint }
  | { readonly kind: 'sweep'; readonly expensiveThroughKey: bigint }

export interface ShardCounts {
  readonly ok: number
  readonly salvaged: number
  readonly quarantined: number
  /** Left in the frontier because no answer could be had. */
  readonly unanswered: number
  readonly asked: number
  readonly reused: number
  readonly microUsd: number
}

export interface ShardSummary {
  readonly shardNo: number
  readonly counts: ShardCounts
  /** Why the shard stopped before its frontier was empty; null where it did not. */
  readonly stop: Failure | null
  /** When it is worth working on the shard again, where time alone will help; null where nobody knows. */
  readonly comeBackAtMs: number | null
  /** Grants with what was used of them, to be credited. */
  readonly returned: readonly Grant[]
  /** Only where the job asked for it. */
  readonly profile?: Profile
}

export type FromShard =
  | { readonly kind: 'grant_wanted'; readonly need: Cost }
  | { readonly kind: 'window_wanted'; readonly tokens: number }
  | { readonly kind: 'progress'; readonly shardNo: number; readonly counts: ShardCounts }
  /** The thread turns: the lease's heartbeat may be raised. */
  | { readonly kind: 'beat' }
export type ToShard =
  | { readonly kind: 'drain' }
  | { readonly kind: 'steer'; readonly steering: Steering }
  /** The answer to the one question that is open; null where the cap has no room. */
  | { readonly kind: 'grant'; readonly grant: Grant | null }
  /** Whether the window has room for what was asked. */
  | { readonly kind: 'window'; readonly isOpen: boolean }
