/**
 * Works through one shard's frontier in one thread, with many requests in flight.
 *
 * The host gives a shard, an epoch and a phase, and gets counts back; every row between is this thread's affair.
 */
import type { Db } from '../../db/open.ts'
import type { FrontierSlice } from '../../db/queries/frontier.ts'
import { shardMetaQueries } from '../../db/queries/shard-meta.ts'
import { asFailure } from '../../schemas/as-failure.ts'
import type { Cost, Grant } from '../../schemas/budget.ts'
import type { Cluster } from '../../schemas/cluster.ts'
import type { Failure } from '../../schemas/failure.ts'
import type { Structure } from '../../schemas/structure.ts'
import type { ModelTask } from '../../schemas/task.ts'
import { openShard, seal } from '../../shards/lifecycle.ts'
import type { ShardCounts, ShardJob, ShardSummary } from '../../workers/protocol.ts'
import { structureTask } from '../passes/30-c-structure/task.ts'
import { passM } from '../passes/40-m-materialise/stage.ts'
import { NO_PROFILER, type Profiler, startProfiler } from '../profile/profiler.ts'
import type { NotAsked } from './asked.ts'
import { type BatchDesk, batchDesk, type PendingBatches } from './batch/batch-desk.ts'
import { conclude, giveUp } from './conclude.ts'
import { frontierQueue, type QueuedCluster } from './frontier-queue.ts'
import { openLanes, type RunLanes } from './lanes.ts'
import { pendingOutcomes } from './pending-outcomes.ts'
import { runStage } from './run-stage.ts'
import { openSession, type ShardSession } from './shard-session.ts'
import type { SteeringWheel } from './steering-wheel.ts'
import { type Unanswered, unansweredClusters } from './unanswered.ts'
import { type ExpensiveLane, type Walk, walkLanes } from './walk-lanes.ts'
import { workInLines } from './work-in-lines.ts'
import { writeOutcomeLines } from './write-outcome-lines.ts'

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

/**
 * What one cluster or one answer did never stops a shard.
 *
 * @throws RffError shard_damaged, plan_mismatch, lease_lost and whatever stops the whole shard
 */
export async function runShard(job: ShardJob, surroundings: Surroundings): Promise<ShardSummary> {
  return workOnShard(job, surroundings, await structuring(job))
}

/** What is asked about the clusters of a shard, of whom, and what is written down of the results now and then. */
export interface ShardWork<Answer> {
  readonly task: ModelTask<Cluster, Answer>
  readonly lanes: RunLanes
  writeDown(db: Db, profiler: Profiler): void
}

async function structuring(job: ShardJob): Promise<ShardWork<Structure>> {
  const { relationTypes } = job.config.structure
  const { promptText } = job
  return {
    task: structureTask({ relationTypes, ...(promptText === null ? {} : { promptText }) }),
    lanes: await openLanes(job.config, job.env, job.limits),
    writeDown: (db, profiler) => writeDownResults(db, job, profiler),
  }
}

/** The same for any task. */
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
    const stopping = stopOnce(stopHere)
    const opened = openSession(job, db, { ...surroundings, drain, halt: stopping.halt, profiler })
    session = opened
    const desk = batchDesk(opened, work.lanes.asked)
    const stop = await workThrough(opened, work, desk, stopping, surroundings)
    const pending = desk.pending()
    const returned = await opened.commits.join(() =>
      desk.hasBooked() ? opened.grants.cutToBooked(job.runId) : opened.grants.giveBack(job.runId),
    )
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
  const unanswered = unansweredClusters(session, task)
  let writtenAtMs = performance.now() // a wall clock may jump
  let followedAtMs = Number.NEGATIVE_INFINITY
  const keepUp = (): void => {
    writtenAtMs = performance.now()
    if (writtenAtMs - followedAtMs >= KEEP_UP_EVERY_MS) {
      followedAtMs = writtenAtMs
      profiler.time('answer limits', () => session.answerLimits.follow())
    }
    writeDown(db, profiler)
    onProgress({ ...session.tally })
  }
  const next = frontierQueue(session, sliceOf(job), keepUp)
  const outcomes = pendingOutcomes(job.config.run.inFlight)

  async function takeOne(): Promise<boolean> {
    const queued = outbox?.isSpent === true ? undefined : next()
    if (queued === undefined) return false
    const { failure, outcome } = await workOn(session, task, lanes, unanswered, queued)
    haltFor(failure)
    await outcomes.add(outcome)
    // A slow model must not keep a merge, or whoever watches, waiting for the next page.
    if (performance.now() - writtenAtMs >= KEEP_UP_EVERY_MS) keepUp()
    return true
  }

  await workInLines({ wheel, drain, takeOne })
  await outcomes.allWritten()
  if (drain.aborted) outbox?.discard()
  await outbox?.close()
  haltFor(await desk.send())
  if (outbox?.isSpent === true && desk.pending() === null) stopping.halt(BUDGET_SPENT)
  const { provider } = lanes.asked.primary
  const unfinished = await unanswered.close(provider.kind === 'remote' ? provider : null)
  writeDown(db, profiler)
  return stopping.why() ?? unfinished
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

interface Worked {
  /** Why the shard must stop, if it must. */
  readonly failure: Failure | null
  /** Until its outcome is durable. */
  readonly outcome: Promise<void>
}

const WRITTEN = Promise.resolve()

async function workOn<Answer>(
  session: ShardSession,
  task: ModelTask<Cluster, Answer>,
  lanes: RunLanes,
  unanswered: Unanswered,
  { key, cluster, wasAsked }: QueuedCluster,
): Promise<Worked> {
  const { clusterId } = cluster
  if (session.job.isFresh) {
    await session.commits.join(() => session.attempts.supersede(clusterId, session.job.runId))
  }
  const successesBefore = session.streak.successCount()
  const item = { clusterId, value: cluster, wasAsked }
  const walk = await walkLanes(session, task, item, lanes.lanesOf(cluster), expensiveLaneOf(session.job, key))
  if (walk.end === 'not_asked') return { failure: STOPS[walk.why] ?? null, outcome: WRITTEN }
  if (walk.end === 'unanswered') {
    const failure = await keepUnanswered(session, task, unanswered, cluster, walk, successesBefore)
    return { failure, outcome: WRITTEN }
  }
  return { failure: null, outcome: conclude(session, task, cluster, walk).then(unanswered.review) }
}

async function keepUnanswered<Answer>(
  session: ShardSession,
  task: ModelTask<Cluster, Answer>,
  unanswered: Unanswered,
  cluster: Cluster,
  walk: Extract<Walk<Answer>, { end: 'unanswered' }>,
  successesBefore: number,
): Promise<Failure | null> {
  if (session.drain.aborted) return null
  // Its lines failed in batches, while others of the run were answered: there is nothing to wait for.
  if (session.outbox !== null && session.batches.hasAnswered(session.job.runId)) {
    await giveUp(session, task, cluster, walk)
    return null
  }
  return unanswered.add(cluster, walk, successesBefore)
}

const BUDGET_SPENT: Failure = { code: 'budget_spent', message: 'the cap has no room for another request' }

const WINDOW_EXHAUSTED: Failure = {
  code: 'window_exhausted',
  message: 'what runs may use of this window is used',
}

/** What a question that was not asked means for the run; the other reasons mean nothing. */
const STOPS: Partial<Record<NotAsked, Failure>> = { budget: BUDGET_SPENT, window: WINDOW_EXHAUSTED }

function expensiveLaneOf({ phase }: ShardJob, key: bigint): ExpensiveLane {
  if (phase.kind === 'lanes') return 'later'
  return key <= phase.expensiveThroughKey ? 'now' : 'never'
}

const LAST_KEY = 2n ** 63n - 1n

const sliceOf = ({ phase, domain }: ShardJob): FrontierSlice =>
  phase.kind === 'lanes'
    ? { state: 'todo', throughKey: phase.throughKey, domain }
    : { state: 'sweep', throughKey: LAST_KEY, domain }

/** PassM, and the lines for people: both from the tables, so they can be behind but never wrong. */
function writeDownResults(db: Db, job: ShardJob, profiler: Profiler): void {
  const guard = () => shardMetaQueries(db).expectEpoch(job.epoch)
  profiler.time('PassM', () =>
    runStage(db, passM({ keepDomainsApart: job.config.structure.keepDomainsApart }), guard),
  )
  profiler.time('lines for people', () =>
    writeOutcomeLines(db, { runId: job.runId, shardNo: job.meta.shardNo, dir: job.runDir, guard }),
  )
}
