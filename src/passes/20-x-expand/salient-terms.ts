/**
 * The terms of a text as 64-bit hashes: its words, stemmed, each once.
 *
 * There is no list of stop words here: what most facts of a corpus say carries next to no weight in it, in any
 * language, and is read last.
 *
 * Two different terms that share a hash would be taken for one. With 64 bits and the 50 million distinct terms of
 * the largest corpora that happens to one pair with probability 7e-5, and its cost is a neighbour too many.
 */
import { asciiWordEnd, isLetterOrDigit } from '../../language/ascii-word-end.ts'
import { stemOf } from '../../language/stem.ts'
import { wordsOf } from '../../language/words.ts'
import { hashOf, RememberedWords } from './word-hash.ts'

/** A longer text gives its first terms only, so that the work for one fact is bounded. */
export const MAX_TERMS_PER_TEXT = 1024

/** Places of terms, in a table that is never more than a quarter full. */
const SEEN_SLOTS = 4 * MAX_TERMS_PER_TEXT

export class TermReader {
  /** `high[t]` and `low[t]` are one hash; the first `count` of them belong to the text read last. */
  readonly high = new Uint32Array(MAX_TERMS_PER_TEXT)
  readonly low = new Uint32Array(MAX_TERMS_PER_TEXT)
  /** How often the text has the term. */
  readonly times = new Uint32Array(MAX_TERMS_PER_TEXT)
  /** Words of the text, repeats included. */
  wordCount = 0
  #count = 0
  #space = hashOf('')
  #spaceName = ''
  /** Words as they stand in a text of ASCII, and as wordsOf gives them. */
  readonly #plain = new RememberedWords((word) => stemOf(word.toLowerCase()))
  readonly #folded = new RememberedWords(stemOf)
  /** By slot: one more than the place of a term of this text. */
  readonly #seen = new Uint16Array(SEEN_SLOTS)

  /**
   * @param space terms of different spaces never meet: a domain, or the empty string for the whole corpus
   * @returns how many distinct terms the text has
   */
  read(text: string, space: string): number {
    if (space !== this.#spaceName) {
      this.#space = hashOf(space)
      this.#spaceName = space
    }
    this.#forget()
    if (!this.#readAscii(text)) {
      this.#forget()
      for (const word of wordsOf(text)) this.#add(this.#folded, word, 0, word.length)
    }
    return this.#count
  }

  /** @returns false where the text is not all ASCII */
  #readAscii(text: string): boolean {
    for (let at = 0; at < text.length; ) {
      const code = text.charCodeAt(at)
      if (code > 0x7f) return false
      if (!isLetterOrDigit(code)) {
        at++
        continue
      }
      const end = asciiWordEnd(text, at)
      this.#add(this.#plain, text, at, end - possessiveLength(text, at, end))
      at = end
    }
    return true
  }

  #add(words: RememberedWords, text: string, start: number, end: number): void {
    this.wordCount++
    words.lookUp(text, start, end)
    const heldLow = (words.low ^ this.#space.low) >>> 0
    let slot = heldLow & (SEEN_SLOTS - 1)
    // Half of a hash is enough to know a word of one text again.
    for (let place = this.#seen[slot]!; place !== 0; place = this.#seen[slot]!) {
      if (this.low[place - 1] === heldLow) {
        this.times[place - 1]!++
        return
      }
      slot = (slot + 1) & (SEEN_SLOTS - 1)
    }
    if (this.#count === MAX_TERMS_PER_TEXT) return
    this.high[this.#count] = words.high ^ this.#space.high
    this.low[this.#count] = heldLow
    this.times[this.#count++] = 1
    this.#seen[slot] = this.#count
  }

  #forget(): void {
    if (this.#count > 0) this.#seen.fill(0)
    this.#count = 0
    this.wordCount = 0
  }
}

/** Two, where the word is "…'s". */
const possessiveLength = (text: string, start: number, end: number): number =>
  end - start > 2 && (text.charCodeAt(end - 1) | 0x20) === 0x73 && text.charCodeAt(end - 2) === 0x27 ? 2 : 0
