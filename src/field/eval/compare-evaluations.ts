/** Two fields against the same gold: not only who has more, but which cases only one of them has. */
import type { Inferred } from '../../../schemas/inferred.ts'
import type { comparisonSchema } from '../../../schemas/output/eval.ts'
import type { EvaluatedField } from './evaluate-field.ts'

export interface OnlyOne<Case> {
  readonly count: number
  readonly samples: readonly Case[]
}

/** Cases that one field has and the other does not. */
export interface Difference<Case> {
  readonly here: OnlyOne<Case>
  readonly there: OnlyOne<Case>
}

export type Comparison = Inferred<typeof comparisonSchema>

export function compareEvaluations(here: EvaluatedField, there: EvaluatedField): Comparison {
  const [a, b] = [here.outcomes, there.outcomes]
  return {
    found: differenceOf(a.found, b.found, here.show.pairs, there.show.pairs),
    met: differenceOf(a.met, b.met, here.show.pairs, there.show.pairs),
    wronglyMerged: differenceOf(a.wronglyMerged, b.wronglyMerged, here.show.merges, there.show.merges),
  }
}

type Cases<T> = ReadonlyMap<string, T>
type ShowSome<T, Case> = (cases: Iterable<T>) => Case[]

const differenceOf = <T, Case>(
  here: Cases<T>,
  there: Cases<T>,
  showHere: ShowSome<T, Case>,
  showThere: ShowSome<T, Case>,
): Difference<Case> => ({ here: onlyIn(here, there, showHere), there: onlyIn(there, here, showThere) })

function onlyIn<T, Case>(own: Cases<T>, other: Cases<T>, show: ShowSome<T, Case>): OnlyOne<Case> {
  const cases = [...own].filter(([key]) => !other.has(key)).map(([, one]) => one)
  return { count: cases.length, samples: show(cases) }
}
