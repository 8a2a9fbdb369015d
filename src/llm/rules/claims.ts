/** What one fact says about its head in explicit language: typed claims that name another concept. */

import { saysContradiction, saysDependency } from '../../language/explicit-language.ts'
import { genusNames, verbGenusOf } from './genus.ts'
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
  const claims = MAIN_VERB_CUES.flatMap((cue) => claimsFrom(cue, said, split.isNegated))
  if (split.shape === 'definition' && !split.isNegated) claims.push(...claimsOfDefiniens(split))
  return withoutRepeatedClaims(claims)
}

function withoutRepeatedClaims(claims: readonly Claim[]): Claim[] {
  const seen = new Set<string>()
  return claims.filter(({ relType, direction, term }) => {
    const key = `${relType} ${direction} ${term.key}`
    return !seen.has(key) && seen.add(key)
  })
}

function claimsOfDefiniens({ subject, verb, predicate }: Split): Claim[] {
  const claims: Claim[] = []
  const isVerb = /^to\s/iu.test(subject)
  const caused = /^to cause (?:\([^)]*\) )?to (?:be(?:come)? )?(\p{L}+)/u.exec(predicate)?.[1]
  for (const cue of DIFFERENTIA_CUES) claims.push(...claimsFrom(cue, predicate, false))
  if (isVerb && caused !== undefined) claims.push(...one('causes', termOf(`to ${caused}`)))
  else if (isVerb) claims.push(...one('refines', verbGenusOf(predicate)))
  else if (verb.startsWith('mean') && isBareTerm(predicate)) claims.push(...one('same_as', termOf(predicate)))
  else if (!PART_OF_START.test(predicate) && hasGenus(verb, predicate))
    for (const genus of genusNames(predicate)) claims.push(...one('refines', genus))
  return claims
}

/** "rhino means rhinoceroses": the whole definiens is another name. A verb or an adjective may be one too. */
const isBareTerm = (definiens: string): boolean =>
  /^(?:an? |the )?[\p{L}-]+(?: [\p{L}-]+)?[.]?$/u.test(definiens)

const PART_OF_START = DIFFERENTIA_CUES[0]!.pattern

const one = (relType: ClaimType, term: Term | null): Claim[] =>
  term === null ? [] : [{ relType, direction: 'out', term }]

/** "means" and "describes" define adjectives and adverbs too, which have no genus; a determiner shows a noun. */
const hasGenus = (verb: string, definiens: string): boolean =>
  /^(?:is|are|was|were|:)$/u.test(verb)
    ? !NO_GENUS_START.test(definiens)
    : /^(?:an?|the|any)\s/iu.test(definiens)

/** A definiens that begins so has no genus: it is all differentia. */
const NO_GENUS_START =
  /^(?:when|where|in|of|not|without|having|involving|being|widely|as|used|consisting|containing)\s/iu

function claimsFrom({ relType, direction, pattern }: LinkCue, said: string, isNegated: boolean): Claim[] {
  // "X does not contain Y" says nothing of Y but, where the words are there, that the two are opposed.
  if (isNegated && relType !== 'contradicts') return []
  const match = pattern.exec(said)
  if (match === null) return []
  // The validators want the words themselves; a cue they do not know would be refused.
  if (relType === 'depends_on' && !saysDependency(said)) return []
  if (relType === 'contradicts' && !saysContradiction(said)) return []
  const named = said.slice(match.index + match[0].length)
  return objectsOf(named).map((term) => ({ relType, direction, term }))
}

/** The things a list names, up to the first that goes on as more than a noun phrase. */
function objectsOf(text: string): Term[] {
  const objects: Term[] = []
  for (const item of listItems(firstClause(text)).slice(0, MOST_OBJECTS)) {
    const phrase = leadingPhrase(item, false)
    const head = phrase.at(-1)?.toLowerCase()
    const term = head === undefined || EMPTY_OBJECTS.has(head) ? null : termOf(phrase.join(' '))
    if (term === null) break
    objects.push(term)
    if (!isWhole(item, phrase)) break
  }
  return objects
}

const isWhole = (item: string, phrase: readonly string[]): boolean =>
  item.replace(/[\s.,;:]+$/u, '').endsWith(phrase.join(' '))

/** Up to the full stop; a semicolon parts items in some corpora and clauses in others, so it stays. */
const firstClause = (text: string): string => /^.*?(?=\.(?:\s|$)|$)/su.exec(text)![0]
