/**
 * The part of `spend reconcile` that is about vectors: their own books, and a cover of their own, for a provider may list
 * chat and vectors apart.
 */
import { existsSync } from 'node:fs'
import { type Db, openDb } from '../../../db/open.ts'
import { embeddingQueries } from '../../../db/queries/embeddings.ts'
import { vectorReconcilingQueries } from '../../../db/queries/reconciling-vectors.ts'
import { asFailure, isOfOneFile } from '../../../schemas/as-failure.ts'
import { vectorRequestIdOf } from '../../../schemas/client-request-id.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { reconciledVectorsSchema } from '../../../schemas/output/spend.ts'
import { LONGEST_QUERY_MS } from '../embed/embed-query.ts'
import { tryLease } from '../lease.ts'
import type { Workspace } from '../workspace.ts'
import { coverJudge, type FindLines } from './judge-cover.ts'
import type { Interval, ListIndex } from './list-index.ts'
import { SETTLED, settleBooks } from './settle-books.ts'

export type ReconciledVectors = Inferred<typeof reconciledVectorsSchema>

const NOTHING = { ...SETTLED.sum([]), providers: [], heldBy: null, failure: null }

/** @returns null where nobody ever asked for a vector */
export function reconcileVectors(
  workspace: Pick<Workspace, 'control' | 'embeddingsPath'>,
  config: Config,
  list: { readonly index: ListIndex; readonly interval: Interval | null; readonly lineage: string },
  nowMs: number,
): ReconciledVectors | null {
  if (!existsSync(workspace.embeddingsPath)) return null
  const lease = tryLease(workspace.control, 'embed', nowMs)
  if ('heldBy' in lease) return { ...NOTHING, heldBy: lease.heldBy }
  let db: Db | undefined
  try {
    db = openDb(workspace.embeddingsPath, 'embeddings', { mode: 'write' })
    return settleFile(db, config, list, nowMs)
  } catch (cause) {
    const failure = asFailure(cause)
    if (!isOfOneFile(failure)) throw cause
    return { ...NOTHING, failure }
  } finally {
    db?.close()
    lease.release()
  }
}

function settleFile(
  db: Db,
  config: Config,
  { index, interval, lineage }: Parameters<typeof reconcileVectors>[2],
  nowMs: number,
): ReconciledVectors {
  const store = embeddingQueries(db)
  const books = vectorReconcilingQueries(db)
  const find: FindLines = ({ attemptId, requestId }) =>
    index.find({ requestId, clientRequestId: vectorRequestIdOf(lineage, attemptId) })
  const judge = coverJudge(find, interval)
  const change = db.transaction((): ReconciledVectors => {
    // The lease is ours, so whoever sent them is gone; a search has none, but nobody waits so long for it.
    store.abandonSent()
    store.abandonQueries(nowMs - LONGEST_QUERY_MS)
    for (const request of books.answered()) judge.heed(request)
    return { ...NOTHING, ...settleBooks(books, find, judge.covers, config), providers: judge.result() }
  })
  return change.immediate()
}
