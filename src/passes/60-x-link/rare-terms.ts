/**
 * Pairs of concepts whose facts share several rare terms. Terms are counted in slots by hash, and a slot keeps the
 * first few concepts that it met: 21 bytes a slot whatever the corpus, and eight for each pair.
 *
 * Any number of threads may add at once. Which concepts come first makes no difference: while they are few all are kept,
 * and of a common term none is asked for.
 */

import { sharedNumbers } from '../../language/shared-memory.ts'
import { stemOf } from '../../language/stem.ts'
import { contentWordsOf, stopWords } from '../../language/words.ts'

export interface RareTerms {
  readonly bytes: number
  /**
   * A fact of these concepts holds a term of this slot; in any order, as often as it does.
   *
   * @returns false once the slot is too common to be asked about again
   */
  addAll(slot: number, conceptNos: readonly number[]): boolean
  /** Candidates, ascending; hashes may collide, so the caller compares the terms themselves. */
  pairs(): Generator<readonly [number, number]>
  isRare(term: string): boolean
}

/** In memory that threads share. */
export interface TermMemory {
  /** By slot: concepts that were met; one too many stands for all above. OPEN while a thread writes into the slot. */
  readonly counts: Uint8Array
  /** By slot the first of them, in any order; written before the count is. */
  readonly concepts: Uint32Array
}

export interface RareTermLimits {
  /** Concepts that a term may stand in and still be rare, at most 253. */
  readonly mostConcepts: number
  /** Rare terms that two concepts must share. */
  readonly leastShared: number
  /** A power of two, 2^22 at most; terms that meet in a slot hide each other. */
  readonly slotCount: number
}

const MOST_SLOTS = 1 << 22
const SHORTEST_TERM = 4
/** Concept numbers of a pair, 2^26 at most each, stand in one number. */
const CONCEPTS = 2 ** 26

/** The slot, of the most there can be, of the term that a word stands for; -1 where it is none. */
export const termSlotOf = (word: string): number =>
  isTerm(word) && !stopWords.has(word) ? slotOf(stemOf(word)) : -1

/** The terms of a concept's facts: stems of content words, each once, ascending; no numbers. */
export const termsOf = (texts: readonly string[]): string[] => {
  const terms = new Set<string>()
  for (const text of texts) {
    for (const word of contentWordsOf(text)) if (isTerm(word)) terms.add(stemOf(word))
  }
  return [...terms].sort()
}

const isTerm = (word: string): boolean => word.length >= SHORTEST_TERM && /^\p{L}+$/u.test(word)

export const RARE_TERM_LIMITS = { mostConcepts: 5, leastShared: 3, slotCount: 1 << 22 }

/** A count that no slot has. */
const OPEN = 255

export const roomForTerms = ({ slotCount, mostConcepts }: RareTermLimits): TermMemory => ({
  counts: new Uint8Array(new SharedArrayBuffer(slotCount)),
  concepts: sharedNumbers(slotCount * mostConcepts),
})

/** @param memory of terms that were met before */
export function createRareTerms(limits: RareTermLimits, memory = roomForTerms(limits)): RareTerms {
  const { mostConcepts, leastShared, slotCount } = limits
  const { counts, concepts } = memory
  const mask = slotCount - 1
  const isRareSlot = (slot: number): boolean => counts[slot]! >= 2 && counts[slot]! <= mostConcepts
  const add = (slot: number, conceptNo: number): boolean => {
    const first = slot * mostConcepts
    for (;;) {
      const count = Atomics.load(counts, slot)
      if (count === OPEN) continue
      if (count > mostConcepts) return false
      for (let at = first; at < first + count; at++) if (concepts[at] === conceptNo) return true
      if (Atomics.compareExchange(counts, slot, count, OPEN) !== count) continue
      if (count < mostConcepts) concepts[first + count] = conceptNo
      Atomics.store(counts, slot, count + 1)
      return count < mostConcepts
    }
  }
  return {
    bytes: counts.byteLength + concepts.byteLength,
    addAll(termSlot, conceptNos) {
      const slot = termSlot & mask
      for (let at = 0; at < conceptNos.length; at++) if (!add(slot, conceptNos[at]!)) return false
      return true
    },
    isRare: (term) => isRareSlot(slotOf(term) & mask),
    *pairs() {
      const pairs = createNumberList()
      for (let slot = 0; slot < slotCount; slot++) {
        if (!isRareSlot(slot)) continue
        const first = slot * mostConcepts
        const end = first + counts[slot]!
        // Sorting the few in an array of their own took four fifths of the time.
        for (let at = first + 1; at < end; at++) {
          for (let other = first; other < at; other++) pairs.push(pairOf(concepts[other]!, concepts[at]!))
        }
      }
      yield* oftenIn(pairs.sorted(), leastShared)
    },
  }
}

const pairOf = (a: number, b: number): number => (a < b ? a * CONCEPTS + b : b * CONCEPTS + a)

function* oftenIn(pairs: Float64Array, least: number): Generator<readonly [number, number]> {
  for (let start = 0, end = 0; start < pairs.length; start = end) {
    while (end < pairs.length && pairs[end] === pairs[start]) end++
    if (end - start >= least) yield [Math.floor(pairs[start]! / CONCEPTS), pairs[start]! % CONCEPTS] as const
  }
}

function createNumberList() {
  let numbers = new Float64Array(1 << 12)
  let length = 0
  return {
    push(number: number): void {
      if (length === numbers.length) {
        const larger = new Float64Array(length * 2)
        larger.set(numbers)
        numbers = larger
      }
      numbers[length++] = number
    },
    sorted: (): Float64Array => numbers.subarray(0, length).sort(),
  }
}

function slotOf(term: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193)
  return (hash ^ (hash >>> 11)) & (MOST_SLOTS - 1)
}
