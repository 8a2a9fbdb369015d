/** Finds the lines of a provider's list that are about one of our attempts. */
import { attemptIdIn } from '../../../schemas/client-request-id.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { ListedRequest } from '../../../schemas/listed-request.ts'
import type { intervalSchema } from '../../../schemas/output/spend.ts'

export interface ListIndex {
  /** By the provider's name of the request, else by ours. Several where it was billed several times. */
  find(attempt: { readonly attemptId: number; readonly requestId: string | null }): readonly ListedRequest[]
  /** Lines that nobody has asked for. */
  unclaimed(): number
  /** From its first to its last time; null where it tells no times. */
  readonly span: Interval | null
}

/** Milliseconds since 1970, both ends included. */
export type Interval = Inferred<typeof intervalSchema>

const NOTHING: readonly ListedRequest[] = []

/** @param lineage of this workspace; names of ours that carry another one are not ours */
export function indexList(requests: readonly ListedRequest[], lineage: string): ListIndex {
  const byRequestId = new Map<string, ListedRequest[]>()
  const byAttemptId = new Map<number, ListedRequest[]>()
  let fromMs = Number.POSITIVE_INFINITY
  let toMs = Number.NEGATIVE_INFINITY
  for (const request of requests) {
    if (request.requestId !== null) append(byRequestId, request.requestId, request)
    const attemptId = attemptIdOf(request, lineage)
    if (attemptId !== null) append(byAttemptId, attemptId, request)
    if (request.atMs === null) continue
    fromMs = Math.min(fromMs, request.atMs)
    toMs = Math.max(toMs, request.atMs)
  }
  const claimed = new Set<ListedRequest>()
  return {
    find({ attemptId, requestId }) {
      const named = requestId === null ? undefined : byRequestId.get(requestId)
      const found = named ?? byAttemptId.get(attemptId) ?? NOTHING
      for (const request of found) claimed.add(request)
      return found
    },
    unclaimed: () => requests.length - claimed.size,
    span: fromMs <= toMs ? { fromMs, toMs } : null,
  }
}

/** A bare number is taken for an attempt of this workspace. */
function attemptIdOf({ clientRequestId }: ListedRequest, lineage: string): number | null {
  if (clientRequestId === null) return null
  return /^\d+$/u.test(clientRequestId) ? Number(clientRequestId) : attemptIdIn(clientRequestId, lineage)
}

function append<K>(index: Map<K, ListedRequest[]>, key: K, request: ListedRequest): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, [request])
  else known.push(request)
}
