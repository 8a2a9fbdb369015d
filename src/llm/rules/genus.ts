/**
 * The genus of an Aristotelian definition: "A is a B that …" has genus B, and the rest is the differentia.
 *
 * A genus without the words that only describe it is the better name ("small tree" → "tree"), but "fatty acid" must
 * stay whole; so closed-class adjectives go, and nouns and other adjectives stay.
 */
import { leadingPhrase } from './noun-phrase.ts'
import { type Term, termOf, withoutRepeats } from './term.ts'
import { DESCRIPTIVE, KIND_NOUNS } from './word-lists.ts'

/** "any of various", "one of the", "a kind of", "one or more": what stands before the genus and is not it. */
const LEAD_IN =
  /^(?:(?:is|are|when|a|an|any|one|either|each|some|the|of|two|three|several|various|numerous|many|certain|other|type|kind|sort|form|class|variety|breed|species|subspecies|member|example|group)s?\s+)*?(?:any|one|either|each|some|several|kinds?|types?|sorts?|forms?|class(?:es)?|variety|varieties|breeds?|species|subspecies|examples?|members?) of\s+/iu

/** Pronouns that are a genus in other words. */
const PERSONS: ReadonlySet<string> = new Set(['someone', 'somebody', 'one who', 'anyone', 'people'])

/**
 * The genus under each name it may have in a corpus, most specific first: the whole term, its last two words and
 * the noun that heads it ("woman's foundation garment", "foundation garment", "garment"). No vocabulary tells which of
 * them are terms, and each is true.
 *
 * @param definiens what follows the defining verb
 */
export function genusNames(definiens: string): Term[] {
  const text = definiens.replace(/^(?:in \w+,|formerly|usually|originally)\s+/iu, '')
  const first = /^(someone|somebody|anyone|one who)\b/iu.exec(text)?.[1]?.toLowerCase()
  if (first !== undefined && PERSONS.has(first)) return [termOf('person')!]
  const phrase = withoutDescription(leadingPhrase(text.replace(LEAD_IN, ''), false))
  const starts = phrase
    .map((_, at) => at)
    .filter((at) => at === 0 || at >= phrase.length - MOST_WORDS_OF_SHORT_NAME)
  return withoutRepeats(starts.flatMap((at) => termOf(phrase.slice(at).join(' ')) ?? []))
}

const MOST_WORDS_OF_SHORT_NAME = 2

function withoutDescription(phrase: readonly string[]): readonly string[] {
  let start = 0
  while (start < phrase.length && isDescriptive(phrase[start]!.toLowerCase())) start++
  const rest = phrase.slice(start)
  return rest.length === 1 && KIND_NOUNS.has(rest[0]!.toLowerCase()) ? [] : rest
}

const isDescriptive = (word: string): boolean =>
  DESCRIPTIVE.has(word) || /(?:ly|ish|est)$/u.test(word) || /-(?:\p{L}+ed|\p{L}+ing|shaped|like)$/u.test(word)

/** The genus of a verb: "to amble means to walk slowly" has genus "to walk". Verbs without content have none. */
export function verbGenusOf(definiens: string): Term | null {
  const verb = /^to\s+(?:\w+ly\s+)?(\p{L}[\p{L}-]*)/u.exec(definiens)?.[1]
  return verb === undefined || LIGHT_VERBS.has(verb) ? null : termOf(`to ${verb}`)
}

const LIGHT_VERBS: ReadonlySet<string> = new Set([
  'be',
  'have',
  'do',
  'cause',
  'become',
  'not',
  'give',
  'go',
  'put',
])
