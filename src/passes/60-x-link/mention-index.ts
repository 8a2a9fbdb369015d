/**
 * Finds names in running text: the longest name at each place, whole words only, singular and plural alike in the
 * last word. A form that several concepts claim belongs to none of them, unless the text is about one of them.
 *
 * Words are numbers, and names stand in a tree of them, so that looking for a name makes no string.
 */
import { type ClaimData, type ClaimTable, createClaimTable } from '../../language/claim-table.ts'
import { singularOf } from '../../language/singular-of.ts'
import {
  copyOfNumbers,
  createTextNumbers,
  type TextNumbers,
  type TextNumbersData,
} from '../../language/text-numbers.ts'
import { stopWords, wordsOf } from '../../language/words.ts'
import { createPairTable } from './pair-table.ts'
import { createWordTraits } from './word-traits.ts'

export interface Mention {
  readonly formNo: number
  /** Position of the first word, and of the one after the last. */
  readonly start: number
  readonly end: number
}

/** The number of the word at a position. */
type WordAt = (position: number) => number

export interface MentionIndex {
  readonly claims: ClaimTable
  /** Of names and of texts. */
  readonly words: TextNumbers
  /** Memory it holds. */
  readonly bytes: number
  /** @param name normalised; @param owner not smaller than the one before; @param isName as its name, not an alias */
  add(owner: number, name: string, isName: boolean): void
  /**
   * Left to right, none overlapping another, from `start` to before `end`, which is one clause. All names are in
   * before the first question.
   */
  mentionsIn(wordAt: WordAt, start: number, end: number): Mention[]
  /** How a name stands in the index; undefined where nobody has it, or nothing could be found by it. */
  formOf(name: string): number | undefined
  data(): MentionData
}

/** Everything, in memory that threads share. */
export interface MentionData {
  readonly claims: ClaimData
  readonly words: TextNumbersData
  readonly steps: Uint32Array
  readonly ends: Uint32Array
}

const MOST_WORDS = 8
const SHORTEST_SINGLE_WORD = 3
/** The beginning of all names. */
const ROOT = 0

/** @param data of another index that has all its names; words of texts are added to a copy */
export function createMentionIndex(data?: MentionData): MentionIndex {
  const claims = createClaimTable(data?.claims)
  const words = createTextNumbers(data === undefined ? undefined : copyOfNumbers(data.words))
  const steps = createPairTable(data?.steps) // beginning and next word: the longer beginning
  const ends = createPairTable(data?.ends) // beginning and last word: the form
  let beginnings = 1
  const lastForms = createWordTraits((word) => words.find(lastWordOf(words.at(word))) ?? -1)
  // Most words begin no name, and these two say so without a look into the tables of all names.
  const firstSteps = createWordTraits((word) => steps.find(ROOT, word) ?? -1)
  const firstEnds = createWordTraits((word) => ends.find(ROOT, lastForms.of(word)) ?? -1)
  const beginningAfter = (beginning: number, word: string): number => {
    const wordNo = words.findOrAdd(word)
    const known = steps.find(beginning, wordNo)
    if (known === undefined) steps.put(beginning, wordNo, beginnings)
    return known ?? beginnings++
  }
  const longestAt = (wordAt: WordAt, start: number, end: number): Mention | undefined => {
    const firstEnd = firstEnds.of(wordAt(start))
    let found = firstEnd === -1 ? undefined : { formNo: firstEnd, start, end: start + 1 }
    let beginning = firstSteps.of(wordAt(start))
    const limit = Math.min(end, start + MOST_WORDS)
    for (let at = start + 1; at < limit && beginning !== -1; at++) {
      const word = wordAt(at)
      const formNo = ends.find(beginning, lastForms.of(word))
      if (formNo !== undefined) found = { formNo, start, end: at + 1 }
      beginning = steps.find(beginning, word) ?? -1
    }
    return found
  }
  return {
    claims,
    words,
    get bytes() {
      return claims.bytes + words.bytes + steps.bytes + ends.bytes
    },
    add(owner, name, isName) {
      const nameWords = wordsOf(name)
      if (!isFindable(nameWords)) return
      const form = formText(nameWords)
      claims.claim(owner, form, isName)
      const beginning = nameWords.slice(0, -1).reduce(beginningAfter, ROOT)
      const last = words.findOrAdd(lastWordOf(nameWords.at(-1)!))
      if (ends.find(beginning, last) === undefined) ends.put(beginning, last, claims.find(form)!)
    },
    mentionsIn(wordAt, start, end) {
      const mentions: Mention[] = []
      for (let at = start; at < end; ) {
        const mention = longestAt(wordAt, at, end)
        if (mention !== undefined) mentions.push(mention)
        at = mention?.end ?? at + 1
      }
      return mentions
    },
    formOf(name) {
      const nameWords = wordsOf(name)
      return nameWords.length === 0 ? undefined : claims.find(formText(nameWords))
    },
    data: () => ({ claims: claims.data(), words: words.data(), steps: steps.data(), ends: ends.data() }),
  }
}

/** A name of function words, of a number or of one short word is met everywhere and means something else. */
function isFindable(words: readonly string[]): boolean {
  if (words.length === 0 || words.length > MOST_WORDS) return false
  if (words.length === 1 && (words[0]!.length < SHORTEST_SINGLE_WORD || /^[\p{N}.,]+$/u.test(words[0]!)))
    return false
  return words.some((word) => !stopWords.has(word))
}

const formText = (words: readonly string[]): string =>
  [...words.slice(0, -1), lastWordOf(words.at(-1)!)].join(' ')

const lastWordOf = (word: string): string => (/^[a-z]{4,}$/u.test(word) ? singularOf(word) : word)
