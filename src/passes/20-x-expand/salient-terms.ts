/**
 * The terms of a text as 64-bit hashes: its words, stemmed, each once.
 *
 * There is no list of stop words here: what most facts of a corpus say carries next to no weight in it, in any
 * language, and is read last.
 *
 * Two different terms that share a hash would be taken for one. With 64 bits and the 50 million distinct terms of
 * the largest corpora that happens to one pair with probability 7e-5, and its cost is a neighbour too many.
 */
import { stemOf } from '../../language/stem.ts'
import { wordsOf } from '../../language/words.ts'

/** A longer text gives its first terms only, so that the work for one fact is bounded. */
const MAX_TERMS_PER_TEXT = 1024

/** Words whose hash is remembered; when they are this many all are forgotten, so memory does not grow. */
const REMEMBERED_WORDS = 1 << 17

export interface TermReader {
  /** `high[t]` and `low[t]` are one hash; the first `read()` of them belong to the text read last. */
  readonly high: Uint32Array
  readonly low: Uint32Array
  /** How often the text has the term. */
  readonly times: Uint32Array
  /** Words of the text, repeats included. */
  readonly wordCount: number
  /**
   * @param space terms of different spaces never meet: a domain, or the empty string for the whole corpus
   * @returns how many distinct terms the text has
   */
  read(text: string, space: string): number
}

interface Hash {
  readonly high: number
  readonly low: number
}

export function createTermReader(): TermReader {
  const high = new Uint32Array(MAX_TERMS_PER_TEXT)
  const low = new Uint32Array(MAX_TERMS_PER_TEXT)
  const times = new Uint32Array(MAX_TERMS_PER_TEXT)
  // Half of a hash is enough to know a word of one text again.
  const seenAt = new Map<number, number>()
  let wordCount = 0
  const remembered = new Map<string, Hash>()
  const remember = (word: string): Hash => {
    const known = remembered.get(word)
    if (known !== undefined) return known
    if (remembered.size === REMEMBERED_WORDS) remembered.clear()
    const hash = hashOf(stemOf(word))
    remembered.set(word, hash)
    return hash
  }
  return {
    high,
    low,
    times,
    get wordCount() {
      return wordCount
    },
    read(text, space) {
      const { high: spaceHigh, low: spaceLow } = hashOf(space)
      const words = wordsOf(text)
      wordCount = words.length
      seenAt.clear()
      let count = 0
      for (const word of words) {
        const hash = remember(word)
        const known = seenAt.get(hash.low)
        if (known !== undefined) {
          times[known]!++
          continue
        }
        if (count === MAX_TERMS_PER_TEXT) continue
        seenAt.set(hash.low, count)
        high[count] = hash.high ^ spaceHigh
        low[count] = hash.low ^ spaceLow
        times[count++] = 1
      }
      return count
    },
  }
}

/** Two multiplicative hashes of 32 bits with different multipliers, each finished so that any bits choose a slot. */
function hashOf(word: string): Hash {
  let high = 0x9e3779b9
  let low = 0x85ebca6b
  for (let at = 0; at < word.length; at++) {
    const unit = word.charCodeAt(at)
    high = Math.imul(high ^ unit, 0x01000193)
    high ^= high >>> 13
    low = Math.imul(low ^ unit, 0x5bd1e995)
    low ^= low >>> 15
  }
  return { high: avalanche(high ^ word.length), low: avalanche(low) }
}

function avalanche(value: number): number {
  let mixed = value ^ (value >>> 16)
  mixed = Math.imul(mixed, 0x7feb352d)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x846ca68b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
