/**
 * What becomes of clusters that got no answer.
 *
 * Such a cluster is given up only once the server answered somebody else after it began to fail; until then it is held,
 * and stays in the frontier if the run ends first. A long streak of them stops the run with the frontier untouched.
 */
import type { Cluster } from '../../schemas/cluster.ts'
import type { Failure } from '../../schemas/failure.ts'
import { plural } from '../language/counted.ts'
import type { RemoteProvider } from '../llm/provider.ts'
import type { TaskStamp } from './ask.ts'
import { giveUp } from './conclude.ts'
import type { ShardSession } from './shard-session.ts'
import type { Walk } from './walk-lanes.ts'

type UnansweredWalk = Extract<Walk<unknown>, { end: 'unanswered' }>

interface Held {
  readonly cluster: Cluster
  readonly walk: UnansweredWalk
  readonly successesBefore: number
}

const RUNS_BEFORE_HOPELESS = 3

export interface Unanswered {
  /** @returns a failure where the whole run must stop */
  add(cluster: Cluster, walk: UnansweredWalk, successesBefore: number): Promise<Failure | null>
  /** Gives up what others' successes have made final. */
  review(): Promise<void>
  /** At the end of the work: asks the server whether it is there, and says what is left. */
  close(provider: RemoteProvider | null): Promise<Failure | null>
}

export function unansweredClusters(session: ShardSession, task: TaskStamp): Unanswered {
  let held: Held[] = []
  const isFinal = ({ successesBefore }: Held): boolean => session.streak.successCount() > successesBefore

  async function review(): Promise<void> {
    const final = held.filter(isFinal)
    if (final.length === 0) return
    held = held.filter((one) => !final.includes(one))
    await Promise.all(final.map(({ cluster, walk }) => giveUp(session, task, cluster, walk)))
  }

  /**
   * A cluster that is left alone with a server that is there has nobody whose success could make its failure final.
   * After several runs it is given up all the same, so that a run can end. Runs are counted, not requests: how many of
   * those fail in one run depends on how, and on what else failed.
   */
  async function withoutHopeless(provider: RemoteProvider | null): Promise<Held[]> {
    const { frontier, commits, job } = session
    if (provider === null || !(await provider.probe(AbortSignal.timeout(job.config.run.deadlineMs))))
      return held
    const hopeless = await commits.join(() =>
      held.filter(({ cluster }) => frontier.leftUnanswered(cluster.clusterId) >= RUNS_BEFORE_HOPELESS),
    )
    await Promise.all(hopeless.map(({ cluster, walk }) => giveUp(session, task, cluster, walk)))
    return held.filter((one) => !hopeless.includes(one))
  }

  return {
    review,
    async add(cluster, walk, successesBefore) {
      const { failure } = walk
      if (failure.isSystemic)
        return { code: 'systemic_failure', message: `${failure.code}: ${failure.message}` }
      if (failure.code === 'request_too_large') {
        await giveUp(session, task, cluster, walk)
        return null
      }
      held.push({ cluster, walk, successesBefore })
      if (session.streak.clusterFailed()) {
        return {
          code: 'systemic_failure',
          message: `${plural(session.job.config.run.systemicStreak, 'cluster')} in a row got no answer, the last one for ${failure.code}: ${failure.message}`,
        }
      }
      await review()
      return null
    },
    async close(provider) {
      await review()
      if (held.length === 0 || session.drain.aborted) {
        session.tally.unanswered += held.length
        return null
      }
      const left = await withoutHopeless(provider)
      session.tally.unanswered += left.length
      if (left.length === 0) return null
      const { failure } = left.at(-1)!.walk
      return {
        code: 'systemic_failure',
        message: `${plural(left.length, 'cluster')} got no answer and nobody else did, the last one for ${failure.code}: ${failure.message}`,
      }
    },
  }
}
