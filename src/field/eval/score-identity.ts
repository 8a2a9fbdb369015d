/** Facts that the gold says are about one thing: does one concept hold them? */
import type { Evaluating } from '../../../db/queries/evaluating.ts'
import type { GoldPair } from './gold-pairs.ts'
import { shareOne } from './score-relations.ts'

/** Every pair that the corpus has stands in exactly one of the four columns. */
export interface IdentityScore {
  readonly relation: string
  /** One group of duplicates: the plan knew before any field. */
  readonly inOneGroup: number
  readonly inOneConcept: number
  /** The field has both facts, and no concept has both. */
  readonly apart: number
  /** The field lacks one of them, as a fact that its cluster dropped. */
  readonly lost: number
  /** Share of pairs that are one for the field: by group or by concept. */
  readonly metShare: number | null
}

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
