/** Settles books against a provider's list, those of a shard's attempts like those of vectors. */
import type { AnsweredAttempt, Billed, ReconcilingQueries } from '../../../db/queries/reconciling.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { ListedRequest } from '../../../schemas/listed-request.ts'
import type { settledSchema } from '../../../schemas/output/spend.ts'
import { costMicroUsd, priceOf } from '../../llm/price.ts'
import { figures } from '../figures.ts'
import type { FindLines } from './judge-cover.ts'

export type Settled = Inferred<typeof settledSchema>

export const SETTLED = figures(
  'billed',
  'billedMicroUsd',
  'notBilled',
  'notMatched',
  'corrected',
  'freedMicroUsd',
)

/**
 * What the list has is booked at what it says; what a list that covers its time has not was not billed.
 *
 * @param isCovered whether the list would have a request, had it been billed
 */
export function settleBooks(
  books: ReconcilingQueries,
  find: FindLines,
  isCovered: (attempt: { readonly provider: string; readonly sentAtMs: number }) => boolean,
  config: Config,
): Settled {
  const total = { ...SETTLED.sum([]) }
  for (const attempt of books.unknown()) {
    const found = find(attempt)
    if (found.length > 0) {
      const cost = billOf(config, attempt, found)
      books.bill(attempt.attemptId, found[0]!.requestId, cost)
      total.billed += 1
      total.billedMicroUsd += cost.microUsd
      total.freedMicroUsd += attempt.reservedMicroUsd - cost.microUsd
    } else if (isCovered(attempt)) {
      books.notBilled(attempt.attemptId)
      total.notBilled += 1
      total.freedMicroUsd += attempt.reservedMicroUsd
    } else total.notMatched += 1
  }
  for (const attempt of boundsOf(books)) {
    const found = find(attempt)
    if (found.length === 0) continue
    const cost = billOf(config, attempt, found)
    if (cost.microUsd === attempt.microUsd && tokensOf(cost) === tokensOf(attempt)) continue
    books.bill(attempt.attemptId, found[0]!.requestId, cost)
    total.corrected += 1
    total.freedMicroUsd += attempt.microUsd - cost.microUsd
  }
  return total
}

/** Read to the end first: the file is written while they are looked at. */
function boundsOf(books: ReconcilingQueries): AnsweredAttempt[] {
  const bounds: AnsweredAttempt[] = []
  for (const attempt of books.answered()) if (attempt.isBound) bounds.push(attempt)
  return bounds
}

const tokensOf = ({ promptTokens, answerTokens }: Pick<Billed, 'promptTokens' | 'answerTokens'>): number =>
  promptTokens + answerTokens

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

const BILL = figures('promptTokens', 'cachedTokens', 'answerTokens', 'microUsd')
