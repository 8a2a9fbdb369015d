import type { Evaluating } from '../../../db/queries/evaluating.ts'
import { RffError } from '../../../schemas/failure.ts'
import { count } from '../../language/counted.ts'
import type { Gold } from './read-gold.ts'

/**
 * Gold that is about other facts than the corpus would give figures all the same, and all of them zero.
 *
 * @throws RffError not_found
 */
export function expectKnown({ relations, trees }: Gold, reading: Evaluating): void {
  const named = new Set([
    ...relations.flatMap(({ src, dst }) => [src, dst]),
    ...trees.flatMap(({ leaves, distractors }) => [...leaves, ...distractors]),
  ])
  const [first] = named
  if (first === undefined) return
  for (const factId of named) if (reading.speakerFor(factId) !== undefined) return
  throw new RffError(
    'not_found',
    `none of the ${count(named.size)} fact ids of the gold is in the corpus: the gold has "${first}", the corpus "${reading.anyFactId()}"`,
  )
}
