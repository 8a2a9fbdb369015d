/** Takes one cluster of the frontier through its lanes, and says what that means for the shard. */
import type { Cluster } from '../../schemas/cluster.ts'
import type { Failure } from '../../schemas/failure.ts'
import type { ModelTask } from '../../schemas/task.ts'
import type { ShardJob } from '../../workers/protocol.ts'
import type { NotAsked } from './asked.ts'
import { conclude, giveUp } from './conclude.ts'
import type { QueuedCluster } from './frontier-queue.ts'
import type { RunLanes } from './lanes.ts'
import type { ShardSession } from './shard-session.ts'
import type { Unanswered } from './unanswered.ts'
import { type ExpensiveLane, type Walk, walkLanes } from './walk-lanes.ts'

interface Worked {
  /** Why the shard must stop, if it must. */
  readonly failure: Failure | null
  /** Until its outcome is durable. */
  readonly outcome: Promise<void>
}

const WRITTEN = Promise.resolve()

export async function workOnCluster<Answer>(
  session: ShardSession,
  task: ModelTask<Cluster, Answer>,
  lanes: RunLanes,
  unanswered: Unanswered,
  queued: QueuedCluster,
): Promise<Worked> {
  const { key, cluster, wasAsked } = queued
  const { clusterId } = cluster
  if (session.job.isFresh) {
    await session.commits.join(() => session.attempts.supersede(clusterId, session.job.runId))
  }
  const successesBefore = session.streak.successCount()
  const item = { clusterId, value: cluster, wasAsked }
  const walk = await walkLanes(session, task, item, lanes.lanesOf(cluster), expensiveLaneOf(session.job, key))
  if (walk.end === 'not_asked') return { failure: STOPS[walk.why] ?? null, outcome: WRITTEN }
  if (walk.end === 'unanswered') {
    const failure = await keepUnanswered(session, task, unanswered, queued, walk, successesBefore)
    return { failure, outcome: WRITTEN }
  }
  return { failure: null, outcome: conclude(session, task, cluster, walk).then(unanswered.review) }
}

async function keepUnanswered<Answer>(
  session: ShardSession,
  task: ModelTask<Cluster, Answer>,
  unanswered: Unanswered,
  queued: QueuedCluster,
  walk: Extract<Walk<Answer>, { end: 'unanswered' }>,
  successesBefore: number,
): Promise<Failure | null> {
  if (session.drain.aborted) return null
  // Its lines failed in batches, while others of the run were answered: there is nothing to wait for.
  if (session.outbox !== null && session.batches.hasAnswered(session.job.runId)) {
    await giveUp(session, task, queued.cluster, walk)
    return null
  }
  return unanswered.add(queued, walk, successesBefore)
}

export const BUDGET_SPENT: Failure = {
  code: 'budget_spent',
  message: 'the cap has no room for another request',
}

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
