/** Evidence from rare terms: two concepts share several, and one may even name the other. */
import type { LinkDetail } from '../../../schemas/link.ts'
import { termsOf } from './rare-terms.ts'

export interface TermFact {
  readonly factId: string
  readonly clusterIds: readonly string[]
  readonly text: string
}

/** A side of a pair: its facts, and where they name the other side by a name that says something. */
export interface Side {
  readonly facts: readonly TermFact[]
  readonly mentions: readonly { readonly fact: TermFact; readonly detail: LinkDetail }[]
}

export interface Backing {
  /** From the side that names the other; from the first where both or none do. */
  readonly isForward: boolean
  readonly terms: readonly string[]
  /** The fact of each side that holds most of the terms. */
  readonly termFacts: readonly TermFact[]
  readonly mentions: Side['mentions']
}

/** @returns undefined where the two share fewer than `leastShared` of the rare terms */
export function backingOf(
  a: Side,
  b: Side,
  isRare: (term: string) => boolean,
  leastShared: number,
): Backing | undefined {
  const terms = sharedTerms(a.facts, b.facts).filter(isRare)
  if (terms.length < leastShared) return undefined
  const isForward = a.mentions.length > 0 || b.mentions.length === 0
  return {
    isForward,
    terms,
    termFacts: [richest(a.facts, terms), richest(b.facts, terms)],
    mentions: isForward ? a.mentions : b.mentions,
  }
}

function sharedTerms(a: readonly TermFact[], b: readonly TermFact[]): string[] {
  const inB = new Set(termsOf(b.map((fact) => fact.text)))
  return termsOf(a.map((fact) => fact.text)).filter((term) => inB.has(term))
}

/** The first by id of those that hold most of the terms. */
function richest(facts: readonly TermFact[], terms: readonly string[]): TermFact {
  const wanted = new Set(terms)
  let best = facts[0]!
  let most = -1
  for (const fact of facts) {
    const held = termsOf([fact.text]).filter((term) => wanted.has(term)).length
    if (held > most) [best, most] = [fact, held]
  }
  return best
}
