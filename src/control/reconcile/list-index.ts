/** Finds the lines of a provider's list that are about one of our attempts. */
import { clientRequestIdOf } from '../../../schemas/client-request-id.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { ListedRequest } from '../../../schemas/listed-request.ts'
import type { intervalSchema } from '../../../schemas/output/spend.ts'

/** What a request of ours is called. */
export interface Named {
  /** By the provider; null where nobody heard it. */
  readonly requestId: string | null
  /** By us. */
  readonly clientRequestId: string
}

export interface ListIndex {
  /** By the provider's name of the request, else by ours. Several where it was billed several times. */
  find(named: Named): readonly ListedRequest[]
  /** Lines that nobody has asked for. */
  unclaimed(): number
  /** From its first to its last time; null where it tells no times. */
  readonly span: Interval | null
}

/** Milliseconds since 1970, both ends included. */
export type Interval = Inferred<typeof intervalSchema>

const NOTHING: readonly ListedRequest[] = []

/** @param lineage of this workspace: a bare number is taken for an attempt of it */
export function indexList(requests: readonly ListedRequest[], lineage: string): ListIndex {
  const byRequestId = new Map<string, ListedRequest[]>()
  const byClientRequestId = new Map<string, ListedRequest[]>()
  let fromMs = Number.POSITIVE_INFINITY
  let toMs = Number.NEGATIVE_INFINITY
  for (const request of requests) {
    if (request.requestId !== null) append(byRequestId, request.requestId, request)
    const name = ourNameIn(request, lineage)
    if (name !== null) append(byClientRequestId, name, request)
    if (request.atMs === null) continue
    fromMs = Math.min(fromMs, request.atMs)
    toMs = Math.max(toMs, request.atMs)
  }
  const claimed = new Set<ListedRequest>()
  return {
    find({ requestId, clientRequestId }) {
      const named = requestId === null ? undefined : byRequestId.get(requestId)
      const found = named ?? byClientRequestId.get(clientRequestId) ?? NOTHING
      for (const request of found) claimed.add(request)
      return found
    },
    unclaimed: () => requests.length - claimed.size,
    span: fromMs <= toMs ? { fromMs, toMs } : null,
  }
}

const ourNameIn = ({ clientRequestId }: ListedRequest, lineage: string): string | null =>
  clientRequestId !== null && /^\d+$/u.test(clientRequestId)
    ? clientRequestIdOf(lineage, Number(clientRequestId))
    : clientRequestId

function append<K>(index: Map<K, ListedRequest[]>, key: K, request: ListedRequest): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, [request])
  else known.push(request)
}
