import { RffError } from '../../schemas/failure.ts'
import { nearest } from '../language/nearest.ts'

/**
 * The word after the name of a command, where it has to be one of a few.
 *
 * @throws RffError usage with all of them, and the one that was most likely meant
 */
export function verbOf<Verb extends string>(
  command: string,
  verbs: readonly Verb[],
  given: string | undefined,
): Verb {
  const verb = verbs.find((known) => known === given)
  if (verb !== undefined) return verb
  const guess = nearest(given ?? '', verbs)
  throw new RffError(
    'usage',
    `${command} knows ${verbs.join(', ')}, not ${given}${guess === undefined ? '' : `; did you mean ${command} ${guess}?`}`,
  )
}
