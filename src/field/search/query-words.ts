/** What was typed, as words and as a question to FTS5. */
import { stemOf } from '../../language/stem.ts'
import { stopWords } from '../../language/words.ts'

/** As the tokenizer of the index parts words. */
const TOKEN = /[\p{L}\p{N}\p{Co}\p{M}]+/gu

/** Scripts that are written without spaces, three characters and more: their pairs are the words. */
const UNSPACED_RUN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{3,}/gu
const MAY_BE_UNSPACED = /[\u0e00-\u109f\u1780-\u17ff\u3040-\ud7ff\uf900-\ufaff]/u

/** The text with runs of unspaced scripts parted into overlapping pairs; other texts come back as they are. */
export const spaced = (text: string): string =>
  MAY_BE_UNSPACED.test(text) ? text.replace(UNSPACED_RUN, (run) => ` ${pairsOf(run).join(' ')} `) : text

function pairsOf(run: string): string[] {
  const characters = [...run]
  return characters.slice(1).map((character, before) => characters[before]! + character)
}

/** Folded as the index folds: case and diacritics do not count. */
export const tokensOf = (text: string): string[] =>
  spaced(text)
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .match(TOKEN) ?? []

export interface QueryWord {
  readonly word: string
  /** What a word of a text must begin with to be another form of it; null where only the word itself counts. */
  readonly prefix: string | null
}

const MOST_WORDS = 12
const SHORTEST_STEM = 4

/**
 * The words of a query, each once, function words left out where others are there. The last one may be typed still, so whatever begins with it counts too; the others
 * also stand for their inflected forms.
 */
export function queryWordsOf(text: string): QueryWord[] {
  const tokens = tokensOf(text).slice(0, MOST_WORDS)
  const isTyping = !/\s$/u.test(text)
  const words = tokens.map((word, at): QueryWord => {
    const isLast = isTyping && at === tokens.length - 1
    return { word, prefix: isLast ? typedPrefixOf(word) : formPrefixOf(word) }
  })
  const once = words.filter(({ word }, at) => words.findIndex((other) => other.word === word) === at)
  const telling = once.filter(({ word }, at) => !stopWords.has(word) || (isTyping && at === once.length - 1))
  return telling.length === 0 ? once : telling
}

/** One plain letter begins too many words to be a question. */
const typedPrefixOf = (word: string): string | null => (/^[a-z0-9]$/u.test(word) ? null : word)

/** "theories" and "theory" begin with "theor"; what would leave little of a word is not cut. */
function formPrefixOf(word: string): string | null {
  const common = stemOf(word).replace(/[iy]$/u, '')
  return common.length >= SHORTEST_STEM && word.startsWith(common) ? common : null
}

/** As FTS5 reads it: a word is quoted, so that nothing in it is an operator. */
export const asMatch = ({ word, prefix }: QueryWord): string =>
  prefix === null ? `"${word}"` : prefix === word ? `"${word}"*` : `("${word}" OR "${prefix}"*)`

export const meets = ({ word, prefix }: QueryWord, token: string): boolean =>
  token === word || (prefix !== null && token.startsWith(prefix))
