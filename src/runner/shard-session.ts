/** What one thread has at hand while it works on one shard. */
import type { Db } from '../../db/open.ts'
import { attemptQueries } from '../../db/queries/attempts.ts'
import { batchQueries } from '../../db/queries/batches.ts'
import { frontierQueries } from '../../db/queries/frontier.ts'
import { outcomeQueries } from '../../db/queries/outcomes.ts'
import { shardGrantQueries } from '../../db/queries/shard-grants.ts'
import { shardMetaQueries } from '../../db/queries/shard-meta.ts'
import { wholeClusterQueries } from '../../db/queries/whole-clusters.ts'
import type { Cost, Grant } from '../../schemas/budget.ts'
import type { Failure } from '../../schemas/failure.ts'
import type { ShardJob } from '../../workers/protocol.ts'
import type { Profiler } from '../profile/profiler.ts'
import { type AnswerLimits, answerLimits } from './answer-limits.ts'
import { type Outbox, openOutbox } from './batch/outbox.ts'
import { type CommitGroup, commitGroup } from './commit-group.ts'
import { type ControlMemo, newControlMemo } from './control-memo.ts'
import { deadlinesOf } from './deadlines.ts'
import { openPurse, type Purse } from './purse.ts'
import { type RequestsUnderWay, requestsUnderWay } from './requests-under-way.ts'
import { type TransportStreak, transportStreak } from './transport-streak.ts'
import { type WindowGate, windowGate } from './window-gate.ts'

export interface ShardSession {
  readonly job: ShardJob
  readonly db: Db
  readonly commits: CommitGroup
  readonly frontier: ReturnType<typeof frontierQueries>
  readonly clusters: ReturnType<typeof wholeClusterQueries>
  readonly attempts: ReturnType<typeof attemptQueries>
  readonly batches: ReturnType<typeof batchQueries>
  /** Where questions are put that need no answer at once; null where each is asked by itself. */
  readonly outbox: Outbox | null
  readonly outcomes: ReturnType<typeof outcomeQueries>
  readonly grants: ReturnType<typeof shardGrantQueries>
  readonly streak: TransportStreak
  readonly underWay: RequestsUnderWay
  readonly control: ControlMemo
  readonly purse: Purse
  /** null where no usage window is set. */
  readonly window: WindowGate | null
  readonly answerLimits: AnswerLimits
  readonly tally: Tally
  readonly profiler: Profiler
  /** Of a request that leaves now. */
  readonly deadline: () => AbortSignal
  readonly nowMs: () => number
  /** In [0, 1); only for spreading waits, never for a result. */
  readonly random: () => number
  /** Aborted once no new work is to begin; what is in flight is finished and booked. */
  readonly drain: AbortSignal
  readonly nextAttemptId: () => number
  /** Stops the shard, and with it the run, for what an answer revealed; the first reason counts. */
  readonly halt: (failure: Failure) => void
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

/** Attempt ids are shard number * 2^36 + n: unique over all shards, and they keep their meaning in a split. */
const ATTEMPTS_PER_SHARD = 2 ** 36

interface Surroundings {
  /** @returns null where the run's cap has no room for it */
  readonly askForGrant: (need: Cost) => Promise<Grant | null>
  readonly askForWindow: (tokens: number) => Promise<boolean>
  readonly nowMs: () => number
  readonly random: () => number
  readonly drain: AbortSignal
  readonly halt: (failure: Failure) => void
  readonly profiler: Profiler
}

/** Takes the shard over from whoever had it: what was in flight then is unknown, and grants on their way have come. */
export function openSession(job: ShardJob, db: Db, surroundings: Surroundings): ShardSession {
  const meta = shardMetaQueries(db)
  const attempts = attemptQueries(db)
  const grants = shardGrantQueries(db)
  meta.takeOver(job.epoch)
  db.transaction(() => {
    meta.expectEpoch(job.epoch)
    attempts.markInFlightUnknown()
    for (const grant of job.outstanding) grants.take(job.runId, grant)
  }).immediate()
  const { askForGrant, askForWindow, ...rest } = surroundings
  const batches = batchQueries(db)
  const commits = commitGroup(db, () => meta.expectEpoch(job.epoch), rest.profiler)
  return {
    job,
    db,
    commits,
    grants,
    frontier: frontierQueries(db),
    clusters: wholeClusterQueries(db),
    attempts,
    batches,
    outbox: job.isBatch === true ? openOutbox(job, { commits, attempts, batches, nowMs: rest.nowMs }) : null,
    outcomes: outcomeQueries(db),
    underWay: requestsUnderWay(),
    control: newControlMemo(),
    streak: transportStreak(job.signals, job.config.run.systemicStreak),
    purse: openPurse({ runId: job.runId, caps: job.caps, grants, commits, askHost: askForGrant }),
    window: job.window == null ? null : windowGate(job.window, rest.nowMs, askForWindow),
    answerLimits: answerLimits(db),
    deadline: deadlinesOf(job.config.run.deadlineMs),
    tally: { ok: 0, salvaged: 0, quarantined: 0, unanswered: 0, asked: 0, reused: 0, microUsd: 0 },
    ...rest,
    nextAttemptId: attemptIds(attempts, job.meta.shardNo),
  }
}

function attemptIds(attempts: ShardSession['attempts'], shardNo: number): () => number {
  const first = shardNo * ATTEMPTS_PER_SHARD
  let last = attempts.lastAttemptId(first, first + ATTEMPTS_PER_SHARD - 1) ?? first
  return () => {
    last += 1
    return last
  }
}
