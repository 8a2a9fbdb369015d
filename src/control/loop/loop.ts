/** The loop: one iteration after another until the frontier is empty, somebody stops it, or a person is needed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type IterationRow, iterationQueries } from '../../../db/queries/iterations.ts'
import { asFailure } from '../../../schemas/as-failure.ts'
import type { Config } from '../../../schemas/config.ts'
import { FAILURES, type Failure, RffError } from '../../../schemas/failure.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { loopSummarySchema } from '../../../schemas/output/loop.ts'
import { plural } from '../../language/counted.ts'
import { printableLine } from '../../language/printable.ts'
import type { Lease } from '../lease.ts'
import { withLease } from '../with-lease.ts'
import type { Workspace } from '../workspace.ts'
import { sendAlert } from './alert.ts'
import { iterate, type LoopOptions } from './iterate.ts'
import { noteIteration } from './iteration-index.ts'
import { judgeFailure, waitAfter } from './judge-failure.ts'

export interface LoopCourse extends LoopOptions {
  /** One iteration, and its failure is the caller's: whoever calls again is the backoff. */
  readonly isOnce: boolean
  readonly say: (told: string) => void
}

export type LoopSummary = Inferred<typeof loopSummarySchema>

/** @throws RffError lock_held with the other loop; loop_paused; what paused it; interrupted */
export function runLoop(workspace: Workspace, config: Config, course: LoopCourse): Promise<LoopSummary> {
  const { signal, nowMs } = course
  const watching = { leaseMs: config.run.leaseMs, nowMs, signal }
  return withLease(workspace.control, 'loop', watching, (lease) =>
    underLease(workspace, config, course, lease),
  )
}

async function underLease(
  workspace: Workspace,
  config: Config,
  course: LoopCourse,
  lease: Lease,
): Promise<LoopSummary> {
  const queries = iterationQueries(workspace.control)
  const before = queries.loop()
  if (before.state === 'paused') throw new RffError('loop_paused', `the loop is paused: ${before.reason}`)
  // What stopped an earlier loop is over.
  queries.setLoop({ ...before, state: 'ready' })
  const done: IterationRow[] = []
  for (;;) {
    const outcome = await tryIteration(workspace, config, course, lease)
    if (outcome === 'nothing_left') return { iterations: done, end: outcome }
    if (typeof outcome === 'number') await waitUnlessStopped(outcome, queries, course.signal)
    else {
      done.push(outcome)
      course.say(tell(outcome))
    }
    if (queries.loop().state === 'stopping') {
      queries.setLoop({ ...queries.loop(), state: 'ready' })
      return { iterations: done, end: 'stopped' }
    }
    if (course.isOnce) return { iterations: done, end: 'once' }
    if (course.signal.aborted)
      throw new RffError('interrupted', 'the loop was stopped between two iterations')
  }
}

/** @returns what was done; how long to wait before the next try, in milliseconds; or that there is nothing left */
async function tryIteration(
  workspace: Workspace,
  config: Config,
  course: LoopCourse,
  lease: Lease,
): Promise<IterationRow | number | 'nothing_left'> {
  const queries = iterationQueries(workspace.control)
  try {
    const iteration = await iterate(workspace, config, course, () => lease.expectHeld())
    queries.setLoop({ ...queries.loop(), strikes: 0, lastCode: null })
    return iteration ?? 'nothing_left'
  } catch (cause) {
    const failure = asFailure(cause)
    // Nobody's fault: what was interrupted stays `running`, and what another process took over is that one's.
    if (failure.code === 'interrupted' || failure.code === 'lease_lost') throw cause
    const { row, verdict } = await takeNote(workspace, config, course, failure)
    if (verdict === 'pause' || course.isOnce || isUsage(failure)) throw cause
    const waitMs = waitAfter(row.strikes, config.loop.backoffMs, config.loop.backoffMaxMs)
    course.say(
      `${failure.code}: ${printableLine(failure.message)}; trying again in ${Math.ceil(waitMs / 1_000)} seconds`,
    )
    return waitMs
  }
}

/** Settings and arguments do not mend themselves. */
const isUsage = ({ code }: Failure): boolean => new RffError(code, '').exitCode === 2

async function takeNote(workspace: Workspace, config: Config, course: LoopCourse, failure: Failure) {
  const queries = iterationQueries(workspace.control)
  const [current] = queries.latest(1)
  if (current?.state === 'running') {
    queries.fail(current.iterationNo, failure)
    noteIteration(workspace, queries.latest(1)[0]!, course.nowMs())
  }
  const judged = judgeFailure(queries.loop(), failure, config.loop.strikes)
  queries.setLoop(judged.row)
  if (!judged.isAlarming) return judged
  const unsent = await sendAlert(config.alert, {
    kind: judged.verdict === 'pause' ? 'loop_paused' : 'loop_struggles',
    workspace: workspace.dir,
    iteration: current?.iterationNo ?? null,
    code: failure.code,
    message: failure.message,
    hint: FAILURES[failure.code].hint,
  })
  for (const told of unsent) course.say(told)
  return judged
}

const LOOK_EVERY_MS = 500

/** Ends early for a signal, and for `loop stop`. */
async function waitUnlessStopped(
  waitMs: number,
  queries: ReturnType<typeof iterationQueries>,
  signal: AbortSignal,
): Promise<void> {
  const untilMs = performance.now() + waitMs
  while (performance.now() < untilMs && !signal.aborted && queries.loop().state === 'ready') {
    const stepMs = Math.min(LOOK_EVERY_MS, untilMs - performance.now())
    await sleep(Math.max(0, stepMs), undefined, { signal }).catch(() => undefined) // the loop sees the signal itself
  }
}

const tell = ({ iterationNo, seeds, runTag, fieldTag, tries }: IterationRow): string =>
  `iteration ${iterationNo}: ${plural(seeds, 'seed')}, run ${runTag ?? 'done before'}, field ${fieldTag}` +
  (tries === 1 ? '' : `, in ${tries} tries`)
