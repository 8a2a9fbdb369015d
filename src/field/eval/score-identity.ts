/** Facts that the gold says are about one thing: does one concept hold them? */
import type { Evaluating } from '../../../db/queries/evaluating.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { identityScoreSchema } from '../../../schemas/output/eval.ts'
import type { GoldPair } from './gold-pairs.ts'
import { shareOne } from './score-relations.ts'

/** Every pair that the corpus has stands in exactly one of the four columns. */
export type IdentityScore = Inferred<typeof identityScoreSchema>

export interface ScoredIdentity {
  readonly score: IdentityScore
  readonly met: readonly GoldPair[]
  readonly apart: readonly GoldPair[]
}

export function scoreIdentity(
  field: Evaluating,
  relation: string,
  pairs: readonly GoldPair[],
  inOneGroup: number,
): ScoredIdentity {
  const met: GoldPair[] = []
  const apart: GoldPair[] = []
  let lost = 0
  for (const pair of pairs) {
    const [ofSrc, ofDst] = [field.conceptsOf(pair.src), field.conceptsOf(pair.dst)]
    if (shareOne(ofSrc, ofDst)) met.push(pair)
    else if (ofSrc.length > 0 && ofDst.length > 0) apart.push(pair)
    else lost += 1
  }
  const all = inOneGroup + pairs.length
  return {
    met,
    apart,
    score: {
      relation,
      inOneGroup,
      inOneConcept: met.length,
      apart: apart.length,
      lost,
      metShare: all === 0 ? null : (inOneGroup + met.length) / all,
    },
  }
}
