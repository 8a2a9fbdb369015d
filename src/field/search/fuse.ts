/**
 * One order out of two: by words and by meaning, by reciprocal rank fusion.
 *
 * A document gets 1 / (60 + rank) from each list that has it; the sum decides, so no scores of two kinds are ever
 * compared. The 60 is that of the paper (Cormack, Clarke and Büttcher, SIGIR 2009), which found little to choose between
 * 20 and 100. Sums are whole billionths, ties go to the better connected, so the order hangs on nothing else.
 */
import type { Candidate } from '../../../db/queries/search-reading.ts'
import type { FoundBy } from '../../../schemas/search.ts'
import type { Ranked } from './rank.ts'

export const RANK_OFFSET = 60

/** A document near the query, nearest first. */
export interface Near {
  readonly candidate: Candidate
}

export interface Hit {
  readonly candidate: Candidate
  readonly scoreMillionths: number
  readonly foundBy: FoundBy
}

/** What bears the very name that was asked for stays first, as it is by words alone. */
export function fuse(byWords: readonly Ranked[], byMeaning: readonly Near[]): Hit[] {
  const fused = new Map<
    number,
    { candidate: Candidate; isNamed: boolean; billionths: number; foundBy: FoundBy }
  >()
  for (const [at, { candidate, tier }] of byWords.entries())
    fused.set(candidate.doc, { candidate, isNamed: tier < 2, billionths: shareOf(at), foundBy: 'words' })
  for (const [at, { candidate }] of byMeaning.entries()) {
    const known = fused.get(candidate.doc)
    fused.set(candidate.doc, {
      candidate,
      isNamed: known?.isNamed ?? false,
      billionths: (known?.billionths ?? 0) + shareOf(at),
      foundBy: known === undefined ? 'meaning' : 'both',
    })
  }
  return [...fused.values()]
    .sort(
      (a, b) =>
        Number(b.isNamed) - Number(a.isNamed) ||
        b.billionths - a.billionths ||
        a.candidate.doc - b.candidate.doc,
    )
    .map(({ candidate, billionths, foundBy }) => ({
      ...{ candidate, foundBy },
      scoreMillionths: Math.round(billionths / 1_000),
    }))
}

/** @param at place in its list, from 0 */
const shareOf = (at: number): number => Math.round(1e9 / (RANK_OFFSET + at + 1))
