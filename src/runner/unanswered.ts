/**
 * What becomes of clusters that got no answer.
 *
 * Such a cluster is given up only once the server answered another one after it began to fail; until then it is held.
 * Those that nobody else's answer decided are asked again at the end, between two control questions: if both are answered,
 * and they still are not, it is they that have no answer. So a frontier of nothing but such clusters comes to its end, and
 * a server that is gone leaves every cluster in the frontier, however often it is run. So does one that answers small
 * questions and no cluster, once two streaks of them have shown it: nothing more is spent on the others.
 */
import type { Failure } from '../../schemas/failure.ts'
import { plural } from '../language/counted.ts'
import type { TaskStamp } from './asked.ts'
import { giveUp } from './conclude.ts'
import { answersControl } from './control-question.ts'
import type { QueuedCluster } from './frontier-queue.ts'
import type { ShardSession } from './shard-session.ts'
import type { Walk } from './walk-lanes.ts'

type UnansweredWalk = Extract<Walk<unknown>, { end: 'unanswered' }>

interface Held {
  readonly queued: QueuedCluster
  readonly walk: UnansweredWalk
  readonly successesBefore: number
}

export interface Unanswered {
  /** @returns a failure where the whole run must stop */
  add(queued: QueuedCluster, walk: UnansweredWalk, successesBefore: number): Promise<Failure | null>
  /** Gives up what others' successes have made final. */
  review(): Promise<void>
  /** At the end of the work: asks again, and says what is left. */
  close(): Promise<Failure | null>
}

/** @param work takes a cluster through its lanes once more; one that gets no answer is added again */
export function unansweredClusters(
  session: ShardSession,
  task: TaskStamp,
  work: (queued: QueuedCluster) => Promise<void>,
): Unanswered {
  const { inFlight, systemicStreak } = session.job.config.run
  let held: Held[] = []
  let isAskingAgain = false
  const isServerThere = ({ lane, settings }: UnansweredWalk): Promise<boolean> =>
    answersControl({ session, task, lane, settings })

  async function giveUpIf(isFinal: (one: Held) => boolean): Promise<void> {
    const final = held.filter(isFinal)
    held = held.filter((one) => !final.includes(one))
    await Promise.all(final.map(({ queued, walk }) => giveUp(session, task, queued.cluster, walk)))
  }

  const review = (): Promise<void> =>
    giveUpIf(({ successesBefore }) => session.streak.successCount() > successesBefore)

  /** @returns whether the server is there; false too where nobody is left to ask for, or the run is being drained */
  const isThereStill = async (): Promise<boolean> => {
    await review()
    const last = held.at(-1)
    return last !== undefined && !session.drain.aborted && isServerThere(last.walk)
  }

  async function askAgain(): Promise<void> {
    const again = held.map(({ queued }) => queued)
    held = []
    isAskingAgain = true
    while (again.length > 0 && !session.drain.aborted)
      await Promise.all(again.splice(0, inFlight).map((queued) => work({ ...queued, wasAsked: true })))
    session.tally.unanswered += again.length
  }

  return {
    review,
    async add(queued, walk, successesBefore) {
      const { failure } = walk
      if (failure.isSystemic) return systemic(`${failure.code}: ${failure.message}`)
      if (failure.code === 'request_too_large') {
        await giveUp(session, task, queued.cluster, walk)
        return null
      }
      held.push({ queued, walk, successesBefore })
      if (!isAskingAgain && session.streak.clusterFailed()) {
        const hopeless = session.streak.hopelessCount()
        const why = `the last one for ${failure.code}: ${failure.message}`
        if (hopeless > 0)
          return systemic(
            `${plural(hopeless, 'cluster')} in a row got no answer, though ${walk.settings.provider.name} answers a small question, ${why}`,
          )
        if (!(await isServerThere(walk)))
          return systemic(`${plural(systemicStreak, 'cluster')} in a row got no answer, ${why}`)
      }
      await review()
      return null
    },
    async close() {
      // What was to be sent in batches has left already.
      if (session.outbox === null && (await isThereStill())) {
        await askAgain()
        if (await isThereStill()) await giveUpIf(() => true)
      }
      await review()
      session.tally.unanswered += held.length
      if (held.length === 0 || session.drain.aborted) return null
      const { failure } = held.at(-1)!.walk
      return systemic(
        `${plural(held.length, 'cluster')} got no answer and nobody else did, the last one for ${failure.code}: ${failure.message}`,
      )
    },
  }
}

const systemic = (message: string): Failure => ({ code: 'systemic_failure', message })
