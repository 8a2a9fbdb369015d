/** 64-bit hashes of words as two halves, and a table that remembers what a word was found to be. */

export interface Hash {
  readonly high: number
  readonly low: number
}

/** Two multiplicative hashes of 32 bits with different multipliers, each finished so that any bits choose a slot. */
export function hashOf(word: string): Hash {
  let high = HIGH_START
  let low = LOW_START
  for (let at = 0; at < word.length; at++) {
    const unit = word.charCodeAt(at)
    high = Math.imul(high ^ unit, 0x01000193)
    high ^= high >>> 13
    low = Math.imul(low ^ unit, 0x5bd1e995)
    low ^= low >>> 15
  }
  return { high: avalanche(high ^ word.length), low: avalanche(low) }
}

const HIGH_START = 0x9e3779b9
const LOW_START = 0x85ebca6b

function avalanche(value: number): number {
  let mixed = value ^ (value >>> 16)
  mixed = Math.imul(mixed, 0x7feb352d)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x846ca68b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** Twice the words that are remembered; when they are so many all are forgotten, so memory does not grow. */
const SLOT_COUNT = 1 << 18
const WORDS_PER_SLOT = 4

/**
 * Words by their place in a text, capitals of ASCII folded → the hash of what `termOf` makes of them. No string is made
 * of a word that is remembered. Two words that share a hash would be taken for one, as two terms would.
 */
export class RememberedWords {
  readonly #termOf: (word: string) => string
  /** By slot: the hash of the word, then of its term. */
  readonly #slots = new Uint32Array(SLOT_COUNT * WORDS_PER_SLOT)
  #count = 0
  /** Of the word that was looked up last. */
  high = 0
  low = 0

  constructor(termOf: (word: string) => string) {
    this.#termOf = termOf
  }

  /** Sets `high` and `low`. */
  lookUp(text: string, start: number, end: number): void {
    let high = HIGH_START
    let low = LOW_START
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at)
      const unit = code >= 0x41 && code <= 0x5a ? code | 0x20 : code
      high = Math.imul(high ^ unit, 0x01000193)
      high ^= high >>> 13
      low = Math.imul(low ^ unit, 0x5bd1e995)
      low ^= low >>> 15
    }
    high = avalanche(high ^ (end - start))
    low = (avalanche(low) | 1) >>> 0 // no word hashes to the mark of an empty slot
    const slots = this.#slots
    let slot = low >>> (32 - Math.log2(SLOT_COUNT))
    for (;;) {
      const at = slot * WORDS_PER_SLOT
      if (slots[at + 1] === low && slots[at] === high) {
        this.high = slots[at + 2]!
        this.low = slots[at + 3]!
        return
      }
      if (slots[at + 1] === 0) break
      slot = (slot + 1) & (SLOT_COUNT - 1)
    }
    this.#remember(slot, high, low, hashOf(this.#termOf(text.slice(start, end))))
  }

  #remember(slot: number, high: number, low: number, term: Hash): void {
    this.high = term.high
    this.low = term.low
    if (this.#count === SLOT_COUNT / 2) {
      this.#slots.fill(0)
      this.#count = 0
    }
    this.#slots.set([high, low, term.high, term.low], slot * WORDS_PER_SLOT)
    this.#count++
  }
}
