/**
 * Cuts a fact at its main verb: subject before, predicate after.
 *
 * No part-of-speech tagger. The subject ends at the first word that is a known verb and whose neighbour on the left
 * does not make it a noun ("the use of …") or part of a clause inside the subject ("a star that is hot …").
 */
import {
  AUXILIARY_VERBS,
  CLAUSE_OPENERS,
  DETERMINERS,
  MID_ADVERBS,
  NEGATIONS,
  OPENING_PREPOSITIONS,
  RELATIVES,
  VERBS,
} from './word-lists.ts'

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
  /^(?:an?|the|any|one (?:of|who|that)|that|either|each|some(?:one|body|thing)|a kind of|kinds? of|types? of|when|where|defined as)\s/iu

const BRACKETS = /\s*\(([^()]*)\)/gu
const MOST_WORDS_BEFORE_COLON = 9
const MOST_WORDS_IN_OPENING = 10

export function splitFact(text: string): Split {
  const asides: Array<{ at: number; text: string }> = []
  let removed = 0
  const bare = text.trim().replace(BRACKETS, (whole, inside: string, at: number) => {
    asides.push({ at: at - removed, text: inside })
    removed += whole.length
    return ''
  })
  const words = bare.split(/\s+/u)
  const isClause = CLAUSE_OPENERS.has(fold(words[0]!))
  const start = isClause ? 1 : afterOpening(words)
  const verbAt = findVerb(words, start)
  if (verbAt === -1) return fragment(bare, asides)
  const isColon = words[verbAt]!.endsWith(':')
  const end = isColon ? verbAt + 1 : endOfSubject(words, verbAt)
  const subject = words.slice(start, end).join(' ')
  const verb = isColon ? ':' : fold(words[verbAt]!)
  const predicate = withoutEcho(words.slice(verbAt + 1).join(' '), subject)
  const subjectEnds = words.slice(0, end).join(' ').length
  return {
    shape: isClause ? 'condition' : isDefinition(verb, predicate) ? 'definition' : 'statement',
    subject: subject.replace(/:$/u, ''),
    verb,
    predicate,
    // "X means not Y" states what X is; it denies nothing of X.
    isNegated:
      !DEFINING_VERBS.has(verb) && words.slice(end, verbAt + 2).some((word) => NEGATIONS.has(fold(word))),
    asides: asides.filter(({ at }) => at <= subjectEnds).map(({ text: inside }) => inside),
  }
}

/** "Paternity leave is a paternity leave is a parental leave …": records glued together say their subject twice. */
function withoutEcho(predicate: string, subject: string): string {
  const echo = /^(?:an?|the) /iu.exec(predicate)?.[0] ?? ''
  const rest = predicate.slice(echo.length)
  if (!rest.toLowerCase().startsWith(`${subject.toLowerCase()} `)) return predicate
  return /^(?:is|are|means) (.+)$/su.exec(rest.slice(subject.length + 1))?.[1] ?? predicate
}

/** Where the subject begins: after the comma that closes a prepositional phrase at the start. */
function afterOpening(words: readonly string[]): number {
  if (!OPENING_PREPOSITIONS.has(fold(words[0]!)) || fold(words[0]!) === 'to') return 0
  const comma = words.slice(0, MOST_WORDS_IN_OPENING).findIndex((word) => word.endsWith(','))
  return comma === -1 ? 0 : comma + 1
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
    if (isClauseAhead(word, words[at + 1]) || isSentenceEnd(word, words[at + 1])) return -1
  }
  return -1
}

/** "Properties showing that …", "Theorem stating that …": every verb from here on is the clause's. */
const isClauseAhead = (word: string, next: string | undefined): boolean =>
  next === 'that' && /[a-z]{3}ing$/u.test(word)

/** A title before a sentence: the verb of the sentence says nothing of the title. */
const isSentenceEnd = (word: string, next: string | undefined): boolean =>
  next !== undefined && /[a-z]{3}\.$/u.test(word) && /^\p{Lu}/u.test(next)

function isVerb(words: readonly string[], from: number, at: number): boolean {
  const before = fold(words[at - 1]!)
  const isFloating = FLOATING.has(before) && at - 1 > from
  if ((DETERMINERS.has(before) && !isFloating) || RELATIVES.has(before) || before === 'of') return false
  const word = fold(words[at]!)
  if (AUXILIARY_VERBS.has(word)) return true
  const next = words[at + 1]
  if (
    next !== undefined &&
    (AUXILIARY_VERBS.has(fold(next)) || (next === 'of' && !word.startsWith('consist')))
  )
    return false
  return VERBS.has(word) || isThirdPerson(words, from, at, word)
}

/** "living things all require …": these stand before a verb as well as before a noun. */
const FLOATING: ReadonlySet<string> = new Set(['all', 'both', 'each'])

/**
 * A word in -s is a verb and no plural after a singular article and a noun ("a leaf absorbs …"), and before an
 * article ("gravity pulls the …").
 */
function isThirdPerson(words: readonly string[], from: number, at: number, word: string): boolean {
  const next = words[at + 1]
  if (next === undefined || words[at] !== word || !THIRD_PERSON.test(word) || VERBS.has(fold(next)))
    return false
  return BEFORE_OBJECT.has(next) || (at >= from + 2 && /^(?:an?|each|every)$/u.test(fold(words[from]!)))
}

const THIRD_PERSON = /[a-z]{2}(?<!s|u|i|'|ou)s$/u

const BEFORE_OBJECT: ReadonlySet<string> = new Set(['a', 'an', 'the', 'its', 'their', 'then'])

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
