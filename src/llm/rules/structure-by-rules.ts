/**
 * The built-in structurer: a cluster of facts to one concept with members, relations and links, from explicit
 * language alone. No model, no network, no randomness; docs/rules.md says how well it does.
 */
import { RffError } from '../../../schemas/failure.ts'
import type { Structure } from '../../../schemas/structure.ts'
import type { FactLine } from '../../language/fact-lines.ts'
import { chooseConcept } from './choose-concept.ts'
import { chooseMembers, type Kept } from './choose-members.ts'
import { linksOf } from './links.ts'
import { type Reading, readFact } from './read-fact.ts'
import { relationsOf } from './relations.ts'
import { withoutRepeats } from './term.ts'

/**
 * @param facts at least one, the seed first; `i` of each is unique
 * @returns every `i` in exactly one of members and dropped, both ascending; the kept facts hang together
 * @throws RffError internal, where no fact was given
 */
export function structureByRules(facts: readonly FactLine[]): Structure {
  if (facts.length === 0) throw new RffError('internal', 'a cluster has at least its seed, found no fact')
  const readings = facts.map(readFact)
  const choice = chooseConcept(readings)
  const { kept, dropped } = chooseMembers(readings, choice)
  return {
    concept: {
      name: choice.head.name,
      gloss: glossOf(choice.canonical),
      aliases: aliasesOf(kept, choice.head.key),
      canonical_i: choice.canonical.i,
    },
    members: kept.map(({ reading, role }) => ({ i: reading.i, role })).sort(byPosition),
    dropped: [...dropped].sort(byPosition),
    relations: relationsOf(kept),
    links: linksOf(kept, choice.keys),
  }
}

const byPosition = (one: { i: number }, other: { i: number }): number => one.i - other.i

/** A definition's definiens; any other fact says it best whole. */
const glossOf = ({ shape, predicate, text }: Reading): string =>
  (shape === 'definition' ? predicate : text).trim().replace(/[.;\s]+$/u, '')

const aliasesOf = (kept: readonly Kept[], headKey: string): string[] =>
  withoutRepeats(kept.flatMap(({ reading, isAbout }) => (isAbout ? reading.aliases : [])))
    .filter(({ key }) => key !== headKey)
    .map(({ name }) => name)
