/** The facts of a corpus page by page in (key, fact_id) order, with the rank that each has in the index. */
import { setImmediate } from 'node:timers/promises'
import type { Db } from '../../../db/open.ts'
import { BEFORE_ALL_FACTS, type RepresentativeRow } from '../../../db/queries/coverage.ts'
import { RffError } from '../../../schemas/failure.ts'
import { passX } from '../../passes/20-x-expand/stage.ts'

export interface RankedFact extends RepresentativeRow {
  readonly rank: number
}

export interface Reading {
  readonly corpus: Db
  /** Whether facts that a sample left out are to be covered now. */
  readonly takesUnselected: boolean
  /** Treat every fact as one to be covered: where clusters grow from the field, all facts stand alike. */
  readonly ranksAlike: boolean
  /** Facts to be covered, and all facts. */
  readonly ownCount: number
  readonly factCount: number
  readonly signal: AbortSignal | undefined
}

export function openReading(
  corpus: Db,
  takesUnselected: boolean,
  ranksAlike: boolean,
  signal: AbortSignal | undefined,
): Reading {
  const { facts, uncovered } = passX.read(corpus).count(takesUnselected)
  const ownCount = ranksAlike ? facts : uncovered
  return { corpus, takesUnselected, ranksAlike, ownCount, factCount: facts, signal }
}

/**
 * Gives each fact to `take`, and the event loop a turn after each page.
 *
 * @param onPage gets how many facts were read so far
 * @throws RffError interrupted
 */
export async function readFacts(
  { corpus, takesUnselected, ranksAlike, ownCount, signal }: Reading,
  take: (fact: RankedFact) => void,
  onPage: (read: number) => void,
): Promise<void> {
  const queries = passX.read(corpus)
  let nextOwn = 0
  let nextCovered = ownCount
  let cursor = BEFORE_ALL_FACTS
  for (;;) {
    refuseInterrupted(signal)
    const page = queries.pageAfter(cursor, passX.pageFacts, takesUnselected)
    if (page === undefined) return
    for (const row of page.rows) {
      take({ ...row, rank: ranksAlike || row.isUncovered ? nextOwn++ : nextCovered++ })
    }
    cursor = page.next
    onPage(nextOwn + nextCovered - ownCount)
    await setImmediate()
  }
}

/** @throws RffError interrupted */
export function refuseInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new RffError('interrupted', 'the plan was interrupted before its clusters were written')
}
