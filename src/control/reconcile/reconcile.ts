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
import { type AnsweredAttempt, type Billed, reconcilingQueries } from '../../../db/queries/reconciling.ts'
import { shardGrantQueries } from '../../../db/queries/shard-grants.ts'
import type { Grant } from '../../../schemas/budget.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { ListedRequest } from '../../../schemas/listed-request.ts'
import type { reconciledSchema } from '../../../schemas/output/spend.ts'
import { costMicroUsd, priceOf } from '../../llm/price.ts'
import { changeShard, splitChanged } from '../change-shard.ts'
import { figures } from '../figures.ts'
import { shardsOf, splitVisited, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { coverJudge } from './judge-cover.ts'
import { type Interval, indexList, type ListIndex } from './list-index.ts'
import { readList } from './read-list.ts'

export interface ReconcileOptions {
  readonly path: string
  /** The time that the list is said to cover; from its first to its last line if null. */
  readonly covers: Interval | null
}

export type Reconciled = Inferred<typeof reconciledSchema>

interface Settled {
  /** Unknown attempts that the list has. */
  readonly billed: number
  readonly billedMicroUsd: number
  /** Unknown attempts that a list which covers their time has not. */
  readonly notBilled: number
  /** Unknown still: the list has them not, and does not cover them. */
  readonly notMatched: number
  /** Answers without usage that are booked at what the list says now. */
  readonly corrected: number
  /** Worst cases less what was truly billed: free again. */
  readonly freedMicroUsd: number
}

/** @throws RffError input_not_found, input_unreadable, workspace_missing */
export async function reconcile(
  workspace: Workspace,
  config: Config,
  { path, covers }: ReconcileOptions,
  nowMs: number,
): Promise<Reconciled> {
  const { requests, refused } = await readList(path)
  const list = indexList(requests, planQueries(workspace.control).knownLineage() ?? '')
  // A line that cannot be read may be about any attempt, so nothing can be said to be missing.
  const interval = refused.length > 0 ? null : (covers ?? list.span)
  const judge = coverJudge(list, interval)
  const known = visitShards(workspace, (db) => {
    for (const attempt of reconcilingQueries(db).answered()) judge.heed(attempt)
  })
  const isWhole = known.every(({ ok }) => ok)
  const settle = settler(config, list, (attempt) => isWhole && judge.covers(attempt))
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
  eventQueries(workspace.control).put({
    atMs: nowMs,
    level: 'info',
    kind: 'spend_reconciled',
    runId: null,
    shardNo: null,
    payload: { listed: requests.length, ...total },
  })
  return {
    ...total,
    listed: requests.length,
    refused,
    foreign: list.unclaimed(),
    covers: interval,
    providers: judge.result(),
    held,
    unreadable,
  }
}

type Settle = (queries: ReturnType<typeof reconcilingQueries>) => Settled

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

function settler(
  config: Config,
  list: ListIndex,
  isCovered: (attempt: { readonly provider: string; readonly sentAtMs: number }) => boolean,
): Settle {
  return (queries) => {
    const total = { ...SETTLED.sum([]) }
    for (const attempt of queries.unknown()) {
      const found = list.find(attempt)
      if (found.length > 0) {
        const cost = billOf(config, attempt, found)
        queries.bill(attempt.attemptId, found[0]!.requestId, cost)
        total.billed += 1
        total.billedMicroUsd += cost.microUsd
        total.freedMicroUsd += attempt.reservedMicroUsd - cost.microUsd
      } else if (isCovered(attempt)) {
        queries.notBilled(attempt.attemptId)
        total.notBilled += 1
        total.freedMicroUsd += attempt.reservedMicroUsd
      } else total.notMatched += 1
    }
    for (const attempt of boundsOf(queries)) {
      const found = list.find(attempt)
      if (found.length === 0) continue
      const cost = billOf(config, attempt, found)
      if (cost.microUsd === attempt.microUsd && cost.answerTokens === attempt.answerTokens) continue
      queries.bill(attempt.attemptId, found[0]!.requestId, cost)
      total.corrected += 1
      total.freedMicroUsd += attempt.microUsd - cost.microUsd
    }
    return total
  }
}

/** Read to the end first: the file is written while they are looked at. */
function boundsOf(queries: ReturnType<typeof reconcilingQueries>): AnsweredAttempt[] {
  const bounds: AnsweredAttempt[] = []
  for (const attempt of queries.answered()) if (attempt.isBound) bounds.push(attempt)
  return bounds
}

type BookedAttempt = Pick<AnsweredAttempt, 'provider' | 'model' | 'isBatch'> &
  Partial<Pick<AnsweredAttempt, 'serviceTier'>>

/**
 * What the list says it cost, else what its tokens cost in a batch, or in the tier that the list or the answer tells; added
 * up where it was billed several times.
 */
function billOf(
  { prices }: Config,
  { provider, model, isBatch, serviceTier = null }: BookedAttempt,
  found: readonly ListedRequest[],
): Billed {
  const price = priceOf(provider, model, prices)
  const bills = found.map((listed): Billed => {
    const { promptTokens, cachedTokens, answerTokens, costMicroUsd: told } = listed
    const usage = { promptTokens, cachedTokens, answerTokens }
    const options = { isBatch, serviceTier: listed.serviceTier ?? serviceTier ?? undefined }
    return { ...usage, microUsd: told ?? (price === null ? 0 : costMicroUsd(price, usage, options)) }
  })
  return BILL.sum(bills)
}

const SETTLED = figures('billed', 'billedMicroUsd', 'notBilled', 'notMatched', 'corrected', 'freedMicroUsd')
const BILL = figures('promptTokens', 'cachedTokens', 'answerTokens', 'microUsd')
