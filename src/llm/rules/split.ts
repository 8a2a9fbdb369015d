/**
 * Cuts a fact at its main verb: subject before, predicate after.
 *
 * No part-of-speech tagger. The subject ends at the first word that is a known verb and whose neighbour on the left
 * does not make it a noun ("the use of …") or part of a clause inside the subject ("a star that is hot …").
 */
import { CLAUSE_OPENERS, DETERMINERS, MID_ADVERBS, NEGATIONS, RELATIVES, VERBS } from './word-lists.ts'

/**
 * - `definition`  "A is a B", "A means B", "A: B"
 * - `condition`   "if A then B", "as A increases, B decreases"
 * - `statement`   any other sentence with a verb
 * - `fragment`    no verb was found, as in a title or a caption
 */
export type Shape = 'definition' | 'condition' | 'statement' | 'fragment'

export interface Split {
  readonly shape: Shape
  readonly subject: string
  /** The verb as written, folded; ":" for a colon; empty for a fragment. */
  readonly verb: string
  readonly predicate: string
  readonly isNegated: boolean
  /** What stood in brackets inside or right after the subject, in order. */
  readonly asides: readonly string[]
}

/** Verbs that state what a term means, whatever follows them. */
const DEFINING_VERBS: ReadonlySet<string> = new Set([
  'means',
  'mean',
  'refers',
  'refer',
  'denotes',
  'denote',
  ':',
])

/** What follows "is" in a definition: a determiner or a kind noun begins the genus. */
const DEFINIENS_START =
  /^(?:an?|the|any|one of|either|each|some(?:one|body|thing)|a kind of|kinds? of|types? of|when|where|defined as)\s/iu

const BRACKETS = /\s*\(([^()]*)\)/gu
const MOST_WORDS_BEFORE_COLON = 9

export function splitFact(text: string): Split {
  const asides: Array<{ at: number; text: string }> = []
  let removed = 0
  const bare = text.trim().replace(BRACKETS, (whole, inside: string, at: number) => {
    asides.push({ at: at - removed, text: inside })
    removed += whole.length
    return ''
  })
  const words = bare.split(/\s+/u)
  const opener = CLAUSE_OPENERS.has(fold(words[0]!)) ? 1 : 0
  const verbAt = findVerb(words, opener)
  if (verbAt === -1) return fragment(bare, asides)
  const isColon = words[verbAt]!.endsWith(':')
  const end = isColon ? verbAt + 1 : endOfSubject(words, verbAt)
  const subject = words.slice(opener, end).join(' ')
  const verb = isColon ? ':' : fold(words[verbAt]!)
  const predicate = words.slice(verbAt + 1).join(' ')
  const subjectEnds = words.slice(0, end).join(' ').length
  return {
    shape: opener === 1 ? 'condition' : isDefinition(verb, predicate) ? 'definition' : 'statement',
    subject: subject.replace(/:$/u, ''),
    verb,
    predicate,
    isNegated: words.slice(end, verbAt + 3).some((word) => NEGATIONS.has(fold(word))),
    asides: asides.filter(({ at }) => at <= subjectEnds).map(({ text: inside }) => inside),
  }
}

const fragment = (bare: string, asides: ReadonlyArray<{ text: string }>): Split => ({
  shape: 'fragment',
  subject: bare,
  verb: '',
  predicate: '',
  isNegated: false,
  asides: asides.slice(0, 1).map(({ text }) => text),
})

const fold = (word: string): string =>
  word
    .toLowerCase()
    .replace(/[.,;:!?]+$/u, '')
    .replace('’', "'")

function findVerb(words: readonly string[], from: number): number {
  for (let at = from; at < words.length; at++) {
    const word = words[at]!
    if (word.endsWith(':') && at - from < MOST_WORDS_BEFORE_COLON && at + 1 < words.length) return at
    if (at > from && isVerb(words, from, at)) return at
  }
  return -1
}

function isVerb(words: readonly string[], from: number, at: number): boolean {
  const before = fold(words[at - 1]!)
  if (DETERMINERS.has(before) || RELATIVES.has(before) || before === 'of') return false
  const word = fold(words[at]!)
  return VERBS.has(word) || isThirdPerson(words, from, at, word)
}

/** "a leaf absorbs …": after a singular article and a noun, a word in -s is a verb and no plural. */
function isThirdPerson(words: readonly string[], from: number, at: number, word: string): boolean {
  if (
    at < from + 2 ||
    at === words.length - 1 ||
    !/[a-z]{2}s$/u.test(word) ||
    /(?:ss|us|is|'s|ous)$/u.test(word)
  )
    return false
  return /^(?:an?|each|every)$/u.test(fold(words[from]!)) && words[at] === word
}

/** Adverbs before the verb belong to it: "humans usually eat". */
function endOfSubject(words: readonly string[], verbAt: number): number {
  let end = verbAt
  while (end > 1 && MID_ADVERBS.has(fold(words[end - 1]!))) end--
  return end
}

const isDefinition = (verb: string, predicate: string): boolean =>
  DEFINING_VERBS.has(verb) ||
  (verb === 'describes' && /^(?:something|someone)\b/u.test(predicate)) ||
  (/^(?:is|are|was|were)$/u.test(verb) && DEFINIENS_START.test(predicate))
