/**
 * Whether a list covers a time: then what it does not have was not billed.
 *
 * A list that is cut short, of another account or another day would turn money that was spent into money that was not. So it
 * must have every request of that provider that we know was answered in that time, and at least one.
 */
import type { AnsweredAttempt } from '../../../db/queries/reconciling.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { ListedRequest } from '../../../schemas/listed-request.ts'
import type { providerCoverSchema } from '../../../schemas/output/spend.ts'
import type { Interval } from './list-index.ts'

export type FindLines = (
  attempt: Pick<AnsweredAttempt, 'attemptId' | 'requestId'>,
) => readonly ListedRequest[]
export type ProviderCover = Inferred<typeof providerCoverSchema>

/** @param find the lines of the list that are about an attempt */
export function coverJudge(find: FindLines, interval: Interval | null) {
  const covers = new Map<string, { answered: number; missing: number; contradicted: number }>()
  const isInside = ({ sentAtMs }: { sentAtMs: number }): boolean =>
    interval !== null && interval.fromMs <= sentAtMs && sentAtMs <= interval.toMs
  return {
    heed(attempt: AnsweredAttempt): void {
      const found = find(attempt)
      const cover = covers.get(attempt.provider) ?? { answered: 0, missing: 0, contradicted: 0 }
      covers.set(attempt.provider, cover)
      if (found.length > 0 && !attempt.isBound && tellsOthers(found, attempt)) cover.contradicted += 1
      if (!isInside(attempt)) return
      cover.answered += 1
      if (found.length === 0) cover.missing += 1
    },
    covers(attempt: { readonly provider: string; readonly sentAtMs: number }): boolean {
      const cover = covers.get(attempt.provider)
      return isInside(attempt) && cover !== undefined && cover.answered > 0 && cover.missing === 0
    },
    /** By name. */
    result: (): ProviderCover[] =>
      [...covers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([provider, cover]) => ({ provider, ...cover })),
  }
}

function tellsOthers(
  found: readonly { readonly promptTokens: number; readonly answerTokens: number }[],
  { promptTokens, answerTokens }: AnsweredAttempt,
): boolean {
  const listed = found.reduce((sum, request) => sum + request.promptTokens + request.answerTokens, 0)
  return listed > 0 && listed !== promptTokens + answerTokens
}
