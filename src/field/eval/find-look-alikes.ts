/**
 * Facts of one concept in almost the same words that nobody called duplicates: most of such pairs say different
 * things ("supported since version 30", "… 31"), so each is a merge to look at, with or without gold.
 */
import type { Evaluating } from '../../../db/queries/evaluating.ts'
import type { ConceptRow } from '../../../db/queries/field-reading.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { lookAlikeCountSchema } from '../../../schemas/output/eval.ts'
import { wordsOf } from '../../language/words.ts'
import type { Field } from '../open-field.ts'
import type { WrongMerge } from './find-wrong-merges.ts'
import type { SameThing } from './same-thing.ts'
import { type UnitedBy, unitedBy } from './united-by.ts'

export type LookAlikeCount = Inferred<typeof lookAlikeCountSchema>

export const LOOK_ALIKE_JACCARD = 0.8
const CONCEPTS_PER_PAGE = 500
/** Pairs grow with the square; a concept this large is a fault of its own, and the rest of it is left out. */
export const MOST_COMPARED_MEMBERS = 1_000

/** @param offer gets every merged pair */
export function findLookAlikes(
  { reading }: Pick<Field, 'reading'>,
  field: Evaluating,
  isOneThing: SameThing,
  offer: (pair: WrongMerge) => void,
): LookAlikeCount {
  const count = { pairs: 0, merged: 0, conceptsCut: 0 }
  const by: Partial<Record<UnitedBy, number>> = {}
  for (const concept of conceptsOf(reading)) {
    if (concept.memberCount < 2) continue
    if (concept.memberCount > MOST_COMPARED_MEMBERS) count.conceptsCut += 1
    const members = reading.members(concept.conceptId).slice(0, MOST_COMPARED_MEMBERS)
    for (const [src, dst] of alikeOf(members)) {
      const ofDst = field.conceptsOf(dst)
      const shared = field.conceptsOf(src).filter((id) => ofDst.includes(id))
      // Two facts can share several concepts; the first of them counts the pair.
      if (shared[0] !== concept.conceptId || isOneThing(src, dst)) continue
      count.pairs += 1
      const union = unitedBy(field, src, dst, shared)
      if (union === undefined) continue
      count.merged += 1
      by[union.by] = (by[union.by] ?? 0) + 1
      offer({ relation: 'look_alike', src, dst, ...union })
    }
  }
  return { ...count, by }
}

function* conceptsOf(reading: Field['reading']): Generator<ConceptRow> {
  let after = ''
  for (let page = reading.conceptsAfter(after, CONCEPTS_PER_PAGE); page.length > 0; ) {
    yield* page
    after = page.at(-1)!.conceptId
    page = reading.conceptsAfter(after, CONCEPTS_PER_PAGE)
  }
}

interface Worded {
  readonly factId: string
  readonly dupGroupId: string
  readonly words: ReadonlySet<string>
}

/** Pairs of different groups, the smaller id first. @param members ascending by fact */
function* alikeOf(
  members: readonly { factId: string; dupGroupId: string; text: string | null }[],
): Generator<readonly [string, string]> {
  const worded: Worded[] = members.map(({ factId, dupGroupId, text }) => ({
    factId,
    dupGroupId,
    words: new Set(wordsOf(text ?? '')),
  }))
  for (const [at, a] of worded.entries())
    for (const b of worded.slice(at + 1))
      if (a.dupGroupId !== b.dupGroupId && jaccard(a.words, b.words) >= LOOK_ALIKE_JACCARD)
        yield [a.factId, b.factId]
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a]
  // Sets of too different a size cannot reach the bound, and most pairs end here.
  if (small.size < LOOK_ALIKE_JACCARD * large.size) return 0
  let common = 0
  for (const word of small) if (large.has(word)) common += 1
  return large.size === 0 ? 0 : common / (a.size + b.size - common)
}
