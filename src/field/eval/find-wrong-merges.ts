/** Facts that the gold calls two things and the field takes for one. */
import type { Evaluating } from '../../../db/queries/evaluating.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { wrongMergeCountSchema } from '../../../schemas/output/eval.ts'
import { tellsApart } from './gold.ts'
import type { GoldPair } from './gold-pairs.ts'
import type { SameThing } from './same-thing.ts'
import { type Union, type UnitedBy, unitedBy } from './united-by.ts'

export interface WrongMerge extends GoldPair, Union {}

export type WrongMergeCount = Inferred<typeof wrongMergeCountSchema>

export interface WrongMerges {
  /** By relation, ascending. */
  readonly counts: readonly WrongMergeCount[]
  readonly merges: readonly WrongMerge[]
}

/** @param isOneThing pairs that the gold itself calls one, by another relation, are no fault */
export function findWrongMerges(
  field: Evaluating,
  pairs: readonly GoldPair[],
  isOneThing: SameThing,
): WrongMerges {
  const merges: WrongMerge[] = []
  const goldOf = new Map<string, number>()
  for (const pair of pairs) {
    const { relation, src, dst } = pair
    if (!tellsApart(relation) || isOneThing(src, dst)) continue
    goldOf.set(relation, (goldOf.get(relation) ?? 0) + 1)
    const ofDst = field.conceptsOf(dst)
    const union = unitedBy(
      field,
      src,
      dst,
      field.conceptsOf(src).filter((id) => ofDst.includes(id)),
    )
    if (union !== undefined) merges.push({ ...pair, ...union })
  }
  const counts = [...goldOf.keys()].sort().map((relation) => {
    const merged = merges.filter((merge) => merge.relation === relation)
    return { relation, gold: goldOf.get(relation)!, merged: merged.length, by: countBy(merged) }
  })
  return { counts, merges }
}

function countBy(unions: readonly Union[]): Partial<Record<UnitedBy, number>> {
  const counts: Partial<Record<UnitedBy, number>> = {}
  for (const { by } of unions) counts[by] = (counts[by] ?? 0) + 1
  return counts
}
