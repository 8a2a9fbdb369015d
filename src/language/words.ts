/** A text as words. Everything that compares texts starts here, so that two parts never disagree on what a word is. */
import { foldCase } from './fold-case.ts'

/**
 * One word: a number with its decimals ("16.4", "1,000"), or letters, marks and digits with apostrophes inside
 * ("don't"). A sign that belongs to the name stays on it ("C++", "C#", "Na+"). Hyphens and dots part words.
 */
const WORD = /\p{N}+(?:[.,]\p{N}+)+|[\p{L}\p{N}\p{M}]+(?:'[\p{L}\p{M}]+)*(?:(?:\+{1,2}|#)(?![\p{L}\p{N}]))?/gu

/** Nothing but small plain letters, as most names are: the words are there already. */
const PLAIN = /^[a-z]+(?: [a-z]+)*$/u

const TYPOGRAPHIC_APOSTROPHES = /[\u2018\u2019\u02bc\u2032]/gu

/** Scripts that are written without spaces: a run of them is no word but a sentence. */
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{M}]{3,}$/u

/**
 * The words of a text in reading order, repeats included: NFKC, case folded, without a possessive 's.
 *
 * A run of an unspaced script (Chinese, Japanese, Thai …) gives its overlapping pairs of characters, the usual
 * stand-in for a segmenter.
 */
export function wordsOf(text: string): string[] {
  if (PLAIN.test(text)) return text.split(' ')
  const found = foldCase(text).replace(TYPOGRAPHIC_APOSTROPHES, "'").match(WORD)
  if (found === null) return []
  const words: string[] = []
  for (const word of found) {
    if (word.charCodeAt(0) > 0x0dff && UNSPACED.test(word)) words.push(...pairsOf(word))
    else words.push(word.endsWith("'s") ? word.slice(0, -2) : word)
  }
  return words
}

function pairsOf(run: string): string[] {
  const characters = [...run]
  return characters.slice(1).map((character, before) => characters[before]! + character)
}

/**
 * English function words: they say how the others stand to each other, hardly what a text is about.
 *
 * Negations (not, no, never, without …) are left out on purpose: they turn a statement into its opposite.
 */
export const stopWords: ReadonlySet<string> = new Set(
  `a an the this that these those some any each every either both all such same other another
   i me my we us our you your he him his she her it its they them their themselves itself himself herself
   who whom whose which what where when why how there here
   and or but nor so if then than as because while whereas although though until since unless
   of in on at by for with from to into onto upon about above below over under between among through during before
   after against toward towards within along across behind beyond near off out up down per via
   is are was were be been being am has have had having do does did doing
   will would shall should can could may might must
   also only very just even still yet too more most much many less least few several often usually generally
   one ones etc e.g i.e eg ie`.split(/\s+/u),
)

/** The words that carry a text's content: wordsOf without stopWords, repeats included, in reading order. */
export const contentWordsOf = (text: string): string[] => wordsOf(text).filter((word) => !stopWords.has(word))
