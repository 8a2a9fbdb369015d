/**
 * The words of a text as numbers, clause by clause: what clausesOf and wordsOf give, without making strings of them.
 *
 * Nearly all texts are plain ASCII and are read byte by byte, in less than half of the time that the expressions of
 * words.ts and a look-up of each string take (3.3 and 7.2 µs a text of WordNet); any other text goes through those. A
 * property test holds the two ways together.
 */
import { asciiWordEnd, endsPlainWord, isLetterOrDigit, isSmallLetter } from './ascii-word-end.ts'
import { clausesOf } from './clauses.ts'
import { settle, stir, type TextNumbers, UNSTIRRED } from './text-numbers.ts'

/** The last text that was scanned. */
export interface WordScanner {
  readonly wordCount: number
  /** @returns how many words the text has */
  scan(text: string): number
  /** Number of a word of the text, by its position. */
  wordAt(position: number): number
  /** Position behind the last word of the clause that begins at a position. */
  endOfClause(start: number): number
}

/** @param numbers words of texts that it does not have yet are added to it */
export function createWordScanner(numbers: TextNumbers): WordScanner {
  let bytes = Buffer.alloc(1 << 12)
  let words = new Uint32Array(1 << 10)
  let begins = new Uint8Array(1 << 10) // by position: a clause begins there
  let count = 0
  const push = (word: number, begin: boolean): void => {
    if (count === words.length) {
      const [more, further] = [new Uint32Array(count * 2), new Uint8Array(count * 2)]
      more.set(words)
      further.set(begins)
      words = more
      begins = further
    }
    words[count] = word
    begins[count++] = begin ? 1 : 0
  }
  const scanPlain = (text: string): void => {
    const { length } = text
    let isBeginning = true
    for (let at = 0; at < length; ) {
      if (!isLetterOrDigit(bytes[at]!)) {
        isBeginning ||= endsClause(bytes, at, length)
        at++
        continue
      }
      // Nearly every word is letters alone: its end and its hash come out of one reading.
      let end = at
      let hash = UNSTIRRED
      for (let byte = bytes[end]!; end < length && isSmallLetter(byte); byte = bytes[++end]!)
        hash = stir(hash, byte)
      if (end > at && (end === length || endsPlainWord(bytes[end]!)))
        push(numbers.findOrAddBytes(bytes, at, end, settle(hash)), isBeginning)
      else {
        end = asciiWordEnd(text, at)
        push(numbers.findOrAddBytes(bytes, at, withoutPossessive(bytes, at, end)), isBeginning)
      }
      isBeginning = false
      at = end
    }
  }
  const scanAny = (text: string): void => {
    for (const clause of clausesOf(text)) {
      for (const [at, word] of clause.entries()) push(numbers.findOrAdd(word), at === 0)
    }
  }
  return {
    get wordCount() {
      return count
    },
    scan(text) {
      if (text.length * 3 > bytes.length) bytes = Buffer.alloc(text.length * 6)
      const length = bytes.write(text)
      count = 0
      if (length === text.length) {
        lowerCase(bytes, length)
        scanPlain(text)
      } else scanAny(text)
      return count
    },
    wordAt: (position) => words[position]!,
    endOfClause(start) {
      let end = start + 1
      while (end < count && begins[end] === 0) end++
      return end
    },
  }
}

function lowerCase(bytes: Buffer, length: number): void {
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]!
    if (byte >= 0x41 && byte <= 0x5a) bytes[at] = byte | 0x20
  }
}

const APOSTROPHE = 0x27
const COMMA = 0x2c
const HYPHEN = 0x2d
const SLASH = 0x2f
const SMALL_S = 0x73
const STOPS = new Set([...'.;:!?'].map((character) => character.charCodeAt(0)))
const BRACKETS = new Set([...'()[]{}"'].map((character) => character.charCodeAt(0)))

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

/** Whether the character at a place that belongs to no word parts two clauses. */
function endsClause(bytes: Buffer, at: number, length: number): boolean {
  const byte = bytes[at]!
  const isLast = at + 1 === length
  const isBeforeSpace = !isLast && isSpace(bytes[at + 1]!)
  if (STOPS.has(byte)) return isLast || isBeforeSpace
  if (byte === COMMA) return isBeforeSpace
  if (byte === HYPHEN || byte === SLASH) return isBeforeSpace && at > 0 && isSpace(bytes[at - 1]!)
  return BRACKETS.has(byte)
}

const withoutPossessive = (bytes: Buffer, start: number, end: number): number =>
  end - start > 2 && bytes[end - 1] === SMALL_S && bytes[end - 2] === APOSTROPHE ? end - 2 : end
