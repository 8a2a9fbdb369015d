/** Trees of the gold: the leaves of one belong together, its distractors do not. */
import type { Evaluating } from '../../../db/queries/evaluating.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { treeScoreSchema } from '../../../schemas/output/eval.ts'
import type { ResolvedTree } from './resolve-gold.ts'
import { shareOne } from './score-relations.ts'

export type TreeScore = Inferred<typeof treeScoreSchema>

/** @returns null where the gold has no trees; a pair counts once for each tree that has it */
export function scoreTrees(field: Evaluating, trees: readonly ResolvedTree[]): TreeScore | null {
  if (trees.length === 0) return null
  const leaves = { pairs: 0, inOneCluster: 0, inOneConcept: 0 }
  const distractors = { pairs: 0, inOneCluster: 0, inOneConcept: 0 }
  for (const tree of trees) {
    const places = new Map(
      [...tree.leaves, ...tree.distractors].map((factId) => [factId, placesOf(field, factId)]),
    )
    const tally = (counts: typeof leaves, a: string, b: string): void => {
      if (a === b) return
      const [ofA, ofB] = [places.get(a)!, places.get(b)!]
      counts.pairs += 1
      if (shareOne(ofA.clusters, ofB.clusters)) counts.inOneCluster += 1
      if (shareOne(ofA.concepts, ofB.concepts)) counts.inOneConcept += 1
    }
    for (const [at, leaf] of tree.leaves.entries()) {
      for (const other of tree.leaves.slice(at + 1)) tally(leaves, leaf, other)
      for (const distractor of tree.distractors) tally(distractors, leaf, distractor)
    }
  }
  return { trees: trees.length, leaves, distractors }
}

const placesOf = (field: Evaluating, factId: string) => ({
  clusters: field.clustersOf(factId),
  concepts: field.conceptsOf(factId),
})
