/** A name cut out of a sentence, and the key under which two spellings of it meet. */
import { singularOf } from '../../language/stem.ts'
import { wordsOf } from '../../language/words.ts'
import { DETERMINERS, PLACEHOLDERS } from './word-lists.ts'

export interface Term {
  /** As written, without the leading determiner. */
  readonly name: string
  /** Folded words without articles, the last one singular; "to " stays before a verb, which is another concept. */
  readonly key: string
}

const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the'])

/** A name longer than this is a clause that was not understood. */
const MOST_WORDS = 10

/** @returns null where the phrase names nothing: it is empty, a pronoun, or a whole clause */
export function termOf(phrase: string): Term | null {
  const name = withoutDeterminers(phrase)
  const words = wordsOf(name).filter((word) => !ARTICLES.has(word))
  const last = words.at(-1)
  if (last === undefined || words.length > MOST_WORDS || PLACEHOLDERS.has(firstOf(name))) return null
  words[words.length - 1] = singularOf(last)
  return { name, key: words.join(' ') }
}

const firstOf = (name: string): string => /^\S*/u.exec(name.toLowerCase())![0]

/** The phrase without leading determiners and outer punctuation; a phrase of nothing else keeps its last word. */
export function withoutDeterminers(phrase: string): string {
  const words = phrase.replace(OUTER_PUNCTUATION, '').split(/\s+/u)
  let start = 0
  while (start < words.length - 1 && DETERMINERS.has(words[start]!.toLowerCase())) start++
  return words.slice(start).join(' ')
}

const OUTER_PUNCTUATION = /^[\s"'“”‘’`.,;:!?]+|[\s"'“”‘’`.,;:!?]+$/gu

/** @returns each key once, in order */
export function withoutRepeats(terms: readonly Term[]): Term[] {
  const seen = new Set<string>()
  return terms.filter(({ key }) => !seen.has(key) && seen.add(key))
}
