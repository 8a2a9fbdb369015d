/** What one thread has at hand while it works on one shard. */
import type { Db } from '../../db/open.ts'
import { attemptQueries } from '../../db/queries/attempts.ts'
import { frontierQueries } from '../../db/queries/frontier.ts'
import { outcomeQueries } from '../../db/queries/outcomes.ts'
import { shardMetaQueries } from '../../db/queries/shard-meta.ts'
import type { Sampling } from '../../schemas/prompt.ts'
import type { Lane } from '../../schemas/states.ts'
import type { ShardJob } from '../../workers/protocol.ts'
import type { Provider } from '../llm/provider.ts'
import { type CommitGroup, commitGroup } from './commit-group.ts'
import { type TransportStreak, transportStreak } from './transport-streak.ts'

/** Who answers in a lane, and how they are asked. */
export interface LaneSettings {
  readonly provider: Provider
  readonly model: string
  readonly answerLimitTokens: number
  readonly sampling: Sampling
}

export interface Lanes {
  readonly primary: LaneSettings
  /** null: no repair call is made (the built-in rules would only say the same again). */
  readonly repair: LaneSettings | null
  readonly expensive: LaneSettings | null
}

export interface ShardSession {
  readonly job: ShardJob
  readonly db: Db
  readonly commits: CommitGroup
  readonly frontier: ReturnType<typeof frontierQueries>
  readonly attempts: ReturnType<typeof attemptQueries>
  readonly outcomes: ReturnType<typeof outcomeQueries>
  readonly streak: TransportStreak
  readonly tally: Tally
  readonly nowMs: () => number
  /** In [0, 1); only for spreading waits, never for a result. */
  readonly random: () => number
  /** Aborted once no new work is to begin; what is in flight is finished and booked. */
  readonly drain: AbortSignal
  nextAttemptId(): number
}

/** Counted as things become durable. */
export interface Tally {
  ok: number
  salvaged: number
  quarantined: number
  unanswered: number
  asked: number
  reused: number
  microUsd: number
}

export interface LaneQuestion {
  readonly clusterId: string
  readonly lane: Lane
  readonly settings: LaneSettings
}

/** Attempt ids are shard number * 2^36 + n: unique over all shards, and they keep their meaning in a split. */
const ATTEMPTS_PER_SHARD = 2 ** 36

interface Surroundings {
  readonly nowMs: () => number
  readonly random: () => number
  readonly drain: AbortSignal
}

export function openSession(job: ShardJob, db: Db, surroundings: Surroundings): ShardSession {
  const meta = shardMetaQueries(db)
  const attempts = attemptQueries(db)
  const first = job.meta.shardNo * ATTEMPTS_PER_SHARD
  let lastAttemptId = attempts.lastAttemptId(first, first + ATTEMPTS_PER_SHARD - 1) ?? first
  return {
    job,
    db,
    commits: commitGroup(db, () => meta.expectEpoch(job.epoch)),
    frontier: frontierQueries(db),
    attempts,
    outcomes: outcomeQueries(db),
    streak: transportStreak(job.signals, job.config.run.systemicStreak),
    tally: { ok: 0, salvaged: 0, quarantined: 0, unanswered: 0, asked: 0, reused: 0, microUsd: 0 },
    ...surroundings,
    nextAttemptId: () => ++lastAttemptId,
  }
}
