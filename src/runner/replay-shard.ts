/**
 * Judges the stored answers of one shard again with today's validators and salvage. Nobody is asked.
 *
 * Only clusters that are done: a run judges those of the frontier by itself. What a person decided stays.
 */
import type { Db } from '../../db/open.ts'
import { attemptQueries } from '../../db/queries/attempts.ts'
import { deltaQueries } from '../../db/queries/deltas.ts'
import { outcomeQueries } from '../../db/queries/outcomes.ts'
import { type DoneCluster, storedWalkQueries } from '../../db/queries/stored-walks.ts'
import type { Cluster } from '../../schemas/cluster.ts'
import type { Config } from '../../schemas/config.ts'
import type { FailureCode } from '../../schemas/failure.ts'
import type { Structure } from '../../schemas/structure.ts'
import type { ModelTask } from '../../schemas/task.ts'
import { type Comparison, compareWalk, type ReplayVerdict } from './compare-walk.ts'
import { codesOf, signatureOf } from './name-case.ts'
import { type StoredWalk, storedMoves, walkStored } from './walk-stored.ts'

export interface ReplayJob {
  readonly task: ModelTask<Cluster, Structure>
  readonly config: Config
  /** Only this domain; all if null. */
  readonly domain: string | null
  /** Runs first in every transaction that writes; null: nothing is written. */
  readonly guard: (() => void) | null
}

export interface ReplayedCluster extends Comparison {
  readonly clusterId: string
  readonly runId: number
}

/** A cluster that a person accepted as missing or corrected is not judged. */
export type ReplayFinding = ReplayedCluster | { readonly verdict: 'decided_by_person' }

interface ReplayedPage {
  readonly last: string | undefined
  readonly found: readonly ReplayFinding[]
}

/** Clusters a transaction. */
const PAGE_CLUSTERS = 200

/** @param heed called for each cluster in the order of cluster_id, after its page is committed */
export function replayShard(db: Db, job: ReplayJob, heed: (found: ReplayFinding) => void): void {
  const walks = storedWalkQueries(db)
  const write = job.guard === null ? null : outcomeWriter(db, job.task)
  const replayPage = (after: string): ReplayedPage => {
    if (write !== null) job.guard?.()
    const page = walks.pageAfter(after, job.domain, PAGE_CLUSTERS)
    return {
      last: page.at(-1)?.cluster.clusterId,
      found: page.map((done) => replayCluster(walks, job, done, write)),
    }
  }
  const inTransaction = db.transaction(replayPage)
  let after: string | undefined = ''
  while (after !== undefined) {
    const page: ReplayedPage = write === null ? replayPage(after) : inTransaction.immediate(after)
    for (const one of page.found) heed(one)
    after = page.last
  }
}

type Write = (done: DoneCluster, walk: StoredWalk<Structure>, verdict: ReplayVerdict) => void

function replayCluster(
  walks: ReturnType<typeof storedWalkQueries>,
  { task, config }: ReplayJob,
  done: DoneCluster,
  write: Write | null,
): ReplayFinding {
  if (isDecidedByPerson(done)) return { verdict: 'decided_by_person' }
  const { cluster, attemptId, runId } = done
  const stored = storedMoves(walks.attemptsOf(cluster.clusterId), attemptId)
  const walk = walkStored(task, cluster, stored, hasRepairLane(config, cluster, stored.primary?.provider))
  const comparison = compareWalk(done, walk)
  write?.(done, walk, comparison.verdict)
  return { clusterId: cluster.clusterId, runId, ...comparison }
}

const isDecidedByPerson = ({ structure, quarantine }: DoneCluster): boolean =>
  structure?.attemptId === null ||
  quarantine?.state === 'accepted_missing' ||
  quarantine?.state === 'corrected'

/** As openLanes has it: the built-in rules would only say the same again, so they repair nothing. */
const hasRepairLane = (
  { models, expand }: Config,
  { isLone }: Cluster,
  primaryProvider: string | undefined,
): boolean =>
  primaryProvider !== 'rules' || (models.repair !== undefined && !(isLone && expand.lone === 'rules'))

function outcomeWriter(db: Db, { version }: ModelTask<Cluster, Structure>): Write {
  const attempts = attemptQueries(db)
  const outcomes = outcomeQueries(db)
  const deltas = deltaQueries(db)
  const walks = storedWalkQueries(db)
  return ({ cluster, runId, structure }, { moves }, verdict) => {
    if (verdict === 'not_enough') return
    if (verdict === 'unchanged' && structure?.taskVersion === version) return
    for (const { attemptId, judgement } of moves)
      attempts.judged(attemptId, judgement.verdict, codesOf(judgement.findings), version)
    const { clusterId, seedFactId, domain } = cluster
    if (verdict === 'unchanged') {
      walks.stampVersion(clusterId, version)
      return
    }
    const { attemptId, judgement } = moves.at(-1)!
    const row = { clusterId, seedFactId, attemptId, runId }
    walks.forgetOutcome(clusterId)
    deltas.remove(clusterId)
    if (judgement.verdict === 'bad') {
      const { findings } = judgement
      const codes: readonly FailureCode[] = codesOf(findings)
      walks.removeStructure(clusterId)
      outcomes.setAside(
        { ...row, outcome: 'quarantined' },
        { clusterId, attemptId, codes, signature: signatureOf(codes, findings, domain), findings },
      )
      return
    }
    const { answer, salvaged } = judgement
    outcomes.accept(
      { ...row, outcome: 'ok' },
      { clusterId, attemptId, structure: answer, salvaged, taskVersion: version },
    )
  }
}
