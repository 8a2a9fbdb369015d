/**
 * spend reconcile: settles what nobody knows the end of against the provider's own list.
 *
 * What the list has is booked at what it says; what a list that covers its time has not was not billed. Either way
 * the worst case that was held for it becomes free again.
 */
import type { Db } from '../../../db/open.ts'
import { attemptQueries } from '../../../db/queries/attempts.ts'
import { controlGrantQueries } from '../../../db/queries/control-grants.ts'
import { eventQueries } from '../../../db/queries/events.ts'
import { planQueries } from '../../../db/queries/plans.ts'
import { type ReconcilingQueries, reconcilingQueries } from '../../../db/queries/reconciling.ts'
import { shardGrantQueries } from '../../../db/queries/shard-grants.ts'
import type { Grant } from '../../../schemas/budget.ts'
import { clientRequestIdOf } from '../../../schemas/client-request-id.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { reconciledSchema } from '../../../schemas/output/spend.ts'
import { changeShard, splitChanged } from '../change-shard.ts'
import { shardsOf, splitVisited, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { coverJudge, type FindLines } from './judge-cover.ts'
import { type Interval, indexList } from './list-index.ts'
import { readList } from './read-list.ts'
import { reconcileVectors } from './reconcile-vectors.ts'
import { SETTLED, type Settled, settleBooks } from './settle-books.ts'

export interface ReconcileOptions {
  readonly path: string
  /** The time that the list is said to cover; from its first to its last line if null. */
  readonly covers: Interval | null
}

export type Reconciled = Inferred<typeof reconciledSchema>

/** @throws RffError input_not_found, input_unreadable, workspace_missing */
export async function reconcile(
  workspace: Workspace,
  config: Config,
  { path, covers }: ReconcileOptions,
  nowMs: number,
): Promise<Reconciled> {
  const { requests, refused } = await readList(path)
  const lineage = planQueries(workspace.control).knownLineage() ?? ''
  const list = indexList(requests, lineage)
  const find: FindLines = ({ attemptId, requestId }) =>
    list.find({ requestId, clientRequestId: clientRequestIdOf(lineage, attemptId) })
  // A line that cannot be read may be about any attempt, so nothing can be said to be missing.
  const interval = refused.length > 0 ? null : (covers ?? list.span)
  const judge = coverJudge(find, interval)
  const known = visitShards(workspace, (db) => {
    for (const attempt of reconcilingQueries(db).answered()) judge.heed(attempt)
  })
  const isWhole = known.every(({ ok }) => ok)
  const settle: Settle = (books) =>
    settleBooks(books, find, (attempt) => isWhole && judge.covers(attempt), config)
  const grants = controlGrantQueries(workspace.control)
  const changed = shardsOf(workspace).map((shard) =>
    changeShard(workspace, shard, nowMs, (db, guard) => {
      const outstanding = (runId: number) => grants.outstanding(runId, shard.shardNo)
      const { settled, freed } = settleShard(db, guard, settle, outstanding)
      grants.credit(freed)
      return settled
    }),
  )
  const { visited, held } = splitChanged(changed)
  const { values, unreadable } = splitVisited(visited)
  const total = SETTLED.sum(values)
  const vectors = reconcileVectors(workspace, config, { index: list, interval, lineage }, nowMs)
  eventQueries(workspace.control).put({
    atMs: nowMs,
    level: 'info',
    kind: 'spend_reconciled',
    runId: null,
    shardNo: null,
    payload: { listed: requests.length, ...total, vectors },
  })
  return {
    ...total,
    listed: requests.length,
    refused,
    foreign: list.unclaimed(),
    covers: interval,
    providers: judge.result(),
    vectors,
    held,
    unreadable,
  }
}

type Settle = (books: ReconcilingQueries) => Settled

/** The shard commits before control credits, as a run does; both can be repeated. */
function settleShard(
  db: Db,
  guard: () => void,
  settle: Settle,
  outstanding: (runId: number) => readonly Grant[],
): { settled: Settled; freed: Grant[] } {
  const queries = reconcilingQueries(db)
  const grants = shardGrantQueries(db)
  const attempts = attemptQueries(db)
  const change = db.transaction(() => {
    guard()
    attempts.markInFlightUnknown() // the lease is ours, so whoever sent them is gone
    const settled = settle(queries)
    const freed = queries.grantedRuns().flatMap((runId) => {
      for (const grant of outstanding(runId)) grants.take(runId, grant)
      return grants.cutToBooked(runId)
    })
    return { settled, freed }
  })
  return change.immediate()
}
