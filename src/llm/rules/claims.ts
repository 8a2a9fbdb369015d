/** What one fact says about its head in explicit language: typed claims that name another concept. */
import { genusOf, verbGenusOf } from './genus.ts'
import { type ClaimType, DIFFERENTIA_CUES, EMPTY_OBJECTS, type LinkCue, MAIN_VERB_CUES } from './link-cues.ts'
import { leadingPhrase, listItems } from './noun-phrase.ts'
import type { Split } from './split.ts'
import { type Term, termOf } from './term.ts'

export interface Claim {
  readonly relType: ClaimType
  /** `out`: head → named. `in`: named → head. */
  readonly direction: 'out' | 'in'
  readonly term: Term
}

/** A list longer than this is an enumeration of everything; its tail adds little. */
const MOST_OBJECTS = 6

export function claimsOf(split: Split): Claim[] {
  const said = split.verb === ':' ? split.predicate : `${split.verb} ${split.predicate}`
  const claims: Claim[] = []
  if (split.shape !== 'definition') {
    for (const cue of MAIN_VERB_CUES) claims.push(...claimsFrom(cue, said, split.isNegated))
    return claims
  }
  for (const cue of MAIN_VERB_CUES) claims.push(...claimsFrom(cue, said, split.isNegated))
  if (split.isNegated) return claims
  claims.push(...claimsOfDefiniens(split))
  return claims
}

function claimsOfDefiniens({ subject, verb, predicate }: Split): Claim[] {
  const claims: Claim[] = []
  const isVerb = /^to\s/iu.test(subject)
  const caused = /^to cause (?:\([^)]*\) )?to (?:be(?:come)? )?(\p{L}+)/u.exec(predicate)?.[1]
  for (const cue of DIFFERENTIA_CUES) claims.push(...claimsFrom(cue, predicate, false))
  if (isVerb && caused !== undefined) claims.push(...one('causes', termOf(`to ${caused}`)))
  else if (isVerb) claims.push(...one('refines', verbGenusOf(predicate)))
  else if (!PART_OF_START.test(predicate) && hasGenus(verb, predicate))
    claims.push(...one('refines', genusOf(predicate)))
  return claims
}

const PART_OF_START = DIFFERENTIA_CUES[0]!.pattern

const one = (relType: ClaimType, term: Term | null): Claim[] =>
  term === null ? [] : [{ relType, direction: 'out', term }]

/** "means" and "describes" define adjectives and adverbs too, which have no genus; a determiner shows a noun. */
const hasGenus = (verb: string, definiens: string): boolean =>
  /^(?:is|are|was|were|:)$/u.test(verb)
    ? !/^(?:when|where|in|of|not|without)\s/iu.test(definiens)
    : /^(?:an?|the|any)\s/iu.test(definiens)

function claimsFrom({ relType, direction, pattern }: LinkCue, said: string, isNegated: boolean): Claim[] {
  if (isNegated !== (relType === 'contradicts' && isNegated)) return []
  const match = pattern.exec(said)
  if (match === null) return []
  const claims: Claim[] = []
  for (const item of listItems(firstClause(said.slice(match.index + match[0].length)))) {
    const term = objectOf(item)
    if (term === null || claims.length === MOST_OBJECTS) break
    claims.push({ relType, direction, term })
  }
  return claims
}

/** Up to the full stop; a semicolon parts items in some corpora and clauses in others, so it stays. */
const firstClause = (text: string): string => /^.*?(?=\.(?:\s|$)|$)/su.exec(text)![0]

function objectOf(item: string): Term | null {
  const phrase = leadingPhrase(item, false)
  const head = phrase.at(-1)?.toLowerCase()
  if (head === undefined || EMPTY_OBJECTS.has(head)) return null
  return termOf(phrase.join(' '))
}
