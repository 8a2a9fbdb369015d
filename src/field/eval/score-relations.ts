/**
 * Precision, recall and F1 of one relation type. What counts is told in docs/evaluation.md.
 *
 * Walks the facts that the gold names and asks the field what leads away from each, so memory is that of the gold and
 * of one fact's targets, whatever the size of the field.
 */
import type { Evaluating } from '../../../db/queries/evaluating.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { typeScoreSchema } from '../../../schemas/output/eval.ts'
import { ACYCLIC_TYPES } from '../../../schemas/relation-nature.ts'
import { isSymmetric } from './gold.ts'
import { directed, type GoldPair, pairKey } from './gold-pairs.ts'

export type TypeScore = Inferred<typeof typeScoreSchema>

export interface ScoredType {
  readonly score: TypeScore
  /** Keys of the gold pairs that were found. */
  readonly found: ReadonlySet<string>
  /** What the field says and the gold does not, implied pairs left out. */
  readonly wrong: readonly GoldPair[]
}

/** @param pairs the gold of the type, each once, under the name of the type */
export function scoreType(field: Evaluating, relType: string, pairs: readonly GoldPair[]): ScoredType {
  const gold = new Map(pairs.map((pair) => [pairKey(pair), pair]))
  const labelled = new Set(pairs.flatMap(({ src, dst }) => [src, dst]))
  const implies = ACYCLIC_TYPES.has(relType) ? closureOf(pairs) : () => false
  const found = new Set<string>()
  const wrong: GoldPair[] = []
  let implied = 0
  for (const src of labelled)
    for (const pair of predictionsFrom(field, relType, src, labelled)) {
      if (gold.has(pairKey(pair))) found.add(pairKey(pair))
      else if (implies(pair)) implied += 1
      else wrong.push(pair)
    }
  const predicted = found.size + implied + wrong.length
  const missed = pairs.filter((pair) => !found.has(pairKey(pair)))
  return {
    found,
    wrong,
    score: {
      relType,
      gold: gold.size,
      inOneCluster: countMeeting(pairs, field.clustersOf),
      inField: pairs.filter(({ src, dst }) => isIn(field, src) && isIn(field, dst)).length,
      inOneConcept: countMeeting(missed, field.conceptsOf),
      predicted,
      found: found.size,
      implied,
      ...ratiosOf(found.size, predicted, gold.size),
    },
  }
}

const isIn = (field: Evaluating, factId: string): boolean => field.conceptsOf(factId).length > 0

/** Each pair once: one without a direction comes from its smaller end, or from the larger where only that says it. */
function* predictionsFrom(
  field: Evaluating,
  relType: string,
  src: string,
  labelled: ReadonlySet<string>,
): Generator<GoldPair> {
  for (const dst of field.targetsOf(src, relType)) {
    if (dst === src || !labelled.has(dst)) continue
    const isToldBackwards = isSymmetric(relType) && dst < src
    if (isToldBackwards && field.targetsOf(dst, relType).includes(src)) continue
    yield directed(relType, src, dst)
  }
}

/** Whether a chain of gold leads from the source of a pair to its target. */
function closureOf(pairs: readonly GoldPair[]): (pair: GoldPair) => boolean {
  const next = new Map<string, string[]>()
  for (const { src, dst } of pairs) {
    const known = next.get(src)
    if (known === undefined) next.set(src, [dst])
    else known.push(dst)
  }
  return ({ src, dst }) => {
    const reached = new Set([src])
    for (const at of reached) for (const to of next.get(at) ?? []) reached.add(to)
    return reached.has(dst)
  }
}

const countMeeting = (pairs: readonly GoldPair[], placesOf: (factId: string) => string[]): number =>
  pairs.filter(({ src, dst }) => shareOne(placesOf(src), placesOf(dst))).length

export const shareOne = (a: readonly string[], b: readonly string[]): boolean =>
  a.some((id) => b.includes(id))

/** null where there is nothing to divide by; F1 is 0 where nothing was found, though something was there to find. */
export function ratiosOf(
  found: number,
  predicted: number,
  gold: number,
): Pick<TypeScore, 'precision' | 'recall' | 'f1'> {
  return {
    precision: predicted === 0 ? null : found / predicted,
    recall: gold === 0 ? null : found / gold,
    f1: gold === 0 ? null : (2 * found) / (predicted + gold),
  }
}
