/**
 * The edges of one type, each judged once: is any pair of facts that it stands for in the gold?
 *
 * Beside the pairs, since one edge between two large concepts makes many pairs of which few can be right.
 */
import type { Evaluating } from '../../../db/queries/evaluating.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { edgeScoreSchema } from '../../../schemas/output/eval.ts'
import { isSymmetric } from './gold.ts'
import { directed, type GoldPair } from './gold-pairs.ts'

export type EdgeScore = Inferred<typeof edgeScoreSchema>

const EDGES_PER_PAGE = 1_000

/** @param pairs the gold of the type, each once */
export function scoreEdges(field: Evaluating, relType: string, pairs: readonly GoldPair[]): EdgeScore {
  const targets = targetsByFact(relType, pairs)
  const count = { edges: 0, rightEdges: 0 }
  const judge = (srcs: readonly string[], dsts: readonly string[]): void => {
    const [labelledSrcs, labelledDsts] = [srcs, dsts].map((ids) => ids.filter((id) => targets.has(id)))
    const isJudged = labelledSrcs!.some((src) => labelledDsts!.some((dst) => dst !== src))
    if (!isJudged) return
    count.edges += 1
    if (labelledSrcs!.some((src) => labelledDsts!.some((dst) => targets.get(src)!.has(dst))))
      count.rightEdges += 1
  }
  for (const [src, dst] of factEdgesFrom(field, relType, targets.keys())) judge([src], [dst])
  for (let after = ''; ; ) {
    const page = field.edgesAfter(relType, after, EDGES_PER_PAGE)
    for (const { srcConceptId, dstConceptId } of page)
      judge(field.membersOf(srcConceptId), field.membersOf(dstConceptId))
    if (page.length < EDGES_PER_PAGE) break
    after = page.at(-1)!.edgeId
  }
  return { ...count, precisionByEdge: count.edges === 0 ? null : count.rightEdges / count.edges }
}

/** Every labelled fact has an entry, those that are only targets an empty one. */
function targetsByFact(relType: string, pairs: readonly GoldPair[]): Map<string, Set<string>> {
  const targets = new Map<string, Set<string>>()
  const add = (src: string, dst: string): void => {
    targets.set(src, (targets.get(src) ?? new Set()).add(dst))
    if (!targets.has(dst)) targets.set(dst, new Set())
  }
  for (const { src, dst } of pairs) {
    add(src, dst)
    if (isSymmetric(relType)) add(dst, src)
  }
  return targets
}

/** Each once: where a type has no direction, two opposite edges are one. */
function* factEdgesFrom(
  field: Evaluating,
  relType: string,
  factIds: Iterable<string>,
): Generator<readonly [string, string]> {
  for (const factId of factIds)
    for (const other of field.factTargetsOf(factId, relType)) {
      const { src } = directed(relType, factId, other)
      if (src === factId || !field.hasFactEdge(other, relType, factId)) yield [factId, other]
    }
}
