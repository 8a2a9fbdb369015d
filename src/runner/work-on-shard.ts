/**
 * Works through one shard's frontier in one thread, with many requests in flight.
 *
 * The host gives a shard, an epoch and a phase, and gets counts back; every row between is this thread's affair.
 */
import { setMaxListeners } from 'node:events'
import type { Db } from '../../db/open.ts'
import type { FrontierSlice } from '../../db/queries/frontier.ts'
import { keepBalance } from '../../db/queries/kept-balance.ts'
import { shardMetaQueries } from '../../db/queries/shard-meta.ts'
import { asFailure } from '../../schemas/as-failure.ts'
import type { Cost, Grant } from '../../schemas/budget.ts'
import type { Cluster } from '../../schemas/cluster.ts'
import type { Failure } from '../../schemas/failure.ts'
import type { ModelTask } from '../../schemas/task.ts'
import { openShard, seal } from '../../shards/lifecycle.ts'
import type { ShardCounts, ShardJob, ShardSummary } from '../../workers/protocol.ts'
import { NO_PROFILER, type Profiler, startProfiler } from '../profile/profiler.ts'
import { type BatchDesk, batchDesk, type PendingBatches } from './batch/batch-desk.ts'
import { frontierQueue, type QueuedCluster } from './frontier-queue.ts'
import type { RunLanes } from './lanes.ts'
import { pendingOutcomes } from './pending-outcomes.ts'
import { openSession, type ShardSession } from './shard-session.ts'
import type { SteeringWheel } from './steering-wheel.ts'
import { unansweredClusters } from './unanswered.ts'
import { workInLines } from './work-in-lines.ts'
import { BUDGET_SPENT, workOnCluster } from './work-on-cluster.ts'

export interface Surroundings {
  readonly nowMs: () => number
  /** In [0, 1); only for spreading waits. */
  readonly random: () => number
  /** Aborted once no new work is to begin. */
  readonly drain: AbortSignal
  readonly wheel: SteeringWheel
  readonly onProgress: (counts: ShardCounts) => void
  /** @returns null where the run's cap has no room for it */
  readonly askForGrant: (need: Cost) => Promise<Grant | null>
  /** @returns whether the usage window has room for so many tokens */
  readonly askForWindow: (tokens: number) => Promise<boolean>
}

/** What is asked about the clusters of a shard, of whom, and what is written down of the results now and then. */
export interface ShardWork<Answer> {
  readonly task: ModelTask<Cluster, Answer>
  readonly lanes: RunLanes
  writeDown(db: Db, profiler: Profiler): void
}

/**
 * For any task. What one cluster or one answer did never stops a shard.
 *
 * @throws RffError shard_damaged, plan_mismatch, lease_lost and whatever stops the whole shard
 */
export async function workOnShard<Answer>(
  job: ShardJob,
  surroundings: Surroundings,
  work: ShardWork<Answer>,
): Promise<ShardSummary> {
  const db = openShard(job.shardPath, job.meta, 'write')
  const profiler = job.isProfiled ? startProfiler() : NO_PROFILER
  profiler.watch(db)
  const stopHere = new AbortController()
  let session: ShardSession | undefined
  try {
    const drain = AbortSignal.any([surroundings.drain, stopHere.signal])
    setMaxListeners(0, drain) // one for each line that waits
    const stopping = stopOnce(stopHere)
    const opened = openSession(job, db, { ...surroundings, drain, halt: stopping.halt, profiler })
    session = opened
    const desk = batchDesk(opened, work.lanes.asked)
    const stop = await workThrough(opened, work, desk, stopping, surroundings)
    const pending = desk.pending()
    const returned = await opened.commits.join(() =>
      desk.hasBooked() ? opened.grants.cutToBooked(job.runId) : opened.grants.giveBack(job.runId),
    )
    keepBalance(db, () => shardMetaQueries(db).expectEpoch(job.epoch))
    const profile = profiler.end()
    return {
      shardNo: job.meta.shardNo,
      counts: { ...opened.tally },
      returned,
      stop: stop ?? pending?.failure ?? null,
      comeBackAtMs: comeBackAtMs(opened, stop, pending),
      ...(profile === null ? {} : { profile }),
    }
  } catch (cause) {
    // What was done before is done, and counts.
    if (session === undefined) throw cause
    const counts = { ...session.tally }
    return { shardNo: job.meta.shardNo, counts, returned: [], stop: asFailure(cause), comeBackAtMs: null }
  } finally {
    seal(db)
  }
}

/** At the latest so often PassM, the lines for people and the progress follow what was answered. */
const KEEP_UP_EVERY_MS = 500

/** @returns why it stopped before the frontier's end, if it did */
async function workThrough<Answer>(
  session: ShardSession,
  { task, lanes, writeDown }: ShardWork<Answer>,
  desk: BatchDesk,
  stopping: Stopping,
  { onProgress, wheel }: Surroundings,
): Promise<Failure | null> {
  const { job, db, drain, outbox, profiler } = session
  const haltFor = (failure: Failure | null): void => {
    if (failure !== null) stopping.halt(failure)
  }
  haltFor(await desk.takeUp())
  const follow = (): void => profiler.time('answer limits', () => session.answerLimits.follow())
  follow()
  let hasNews = false
  const keepUp = (): void => {
    if (!hasNews) return
    hasNews = false
    follow()
    writeDown(db, profiler)
    onProgress({ ...session.tally })
  }
  const next = frontierQueue(session, sliceOf(job))
  const outcomes = pendingOutcomes(job.config.run.inFlight)

  const work = async (queued: QueuedCluster): Promise<void> => {
    const { failure, outcome } = await workOnCluster(session, task, lanes, unanswered, queued)
    haltFor(failure)
    await outcomes.add(outcome)
    hasNews = true
  }
  const unanswered = unansweredClusters(session, task, work)

  async function takeOne(): Promise<boolean> {
    const queued = outbox?.isSpent === true ? undefined : next()
    if (queued === undefined) return false
    await work(queued)
    return true
  }

  // By the clock, not by pages: what is written of many clusters in one transaction shares its pages.
  await meanwhile(keepUp, stopping, () => workInLines({ wheel, drain, takeOne }))
  await outcomes.allWritten()
  if (drain.aborted) outbox?.discard()
  await outbox?.close()
  haltFor(await desk.send())
  if (outbox?.isSpent === true && desk.pending() === null) stopping.halt(BUDGET_SPENT)
  const unfinished = await meanwhile(keepUp, stopping, unanswered.close) // which may ask for long
  await outcomes.allWritten()
  writeDown(db, profiler)
  return stopping.why() ?? unfinished
}

/** Also while every answer is long in coming. A repetition that throws stops the shard. */
async function meanwhile<T>(repeat: () => void, { halt }: Stopping, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    try {
      repeat()
    } catch (cause) {
      halt(asFailure(cause))
    }
  }, KEEP_UP_EVERY_MS)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

/** Time alone helps a window and a batch; null where it helps nothing, or nothing is left. */
function comeBackAtMs(
  { window }: ShardSession,
  stop: Failure | null,
  pending: PendingBatches | null,
): number | null {
  if (stop === null) return pending?.comeBackAtMs ?? null
  return stop.code === 'window_exhausted' ? (window?.endsAtMs() ?? null) : null
}

interface Stopping {
  readonly halt: (failure: Failure) => void
  /** null while nothing has stopped it. */
  readonly why: () => Failure | null
}

/** The first reason stands; whatever else goes wrong while the work is drained follows from it. */
function stopOnce(stopHere: AbortController): Stopping {
  let first: Failure | null = null
  const halt = (failure: Failure): void => {
    first ??= failure
    stopHere.abort()
  }
  return { halt, why: () => first }
}

const LAST_KEY = 2n ** 63n - 1n

const sliceOf = ({ phase, domain }: ShardJob): FrontierSlice =>
  phase.kind === 'lanes'
    ? { state: 'todo', throughKey: phase.throughKey, domain }
    : { state: 'sweep', throughKey: LAST_KEY, domain }
