/**
 * Pairs of concepts whose facts share several rare terms. Only the few concepts of a rare term are ever paired, so
 * memory goes with the rare terms: eight bytes for each term of each concept, and eight for each pair.
 */
import { stemOf } from '../../language/stem.ts'
import { contentWordsOf } from '../../language/words.ts'

export interface RareTerms {
  /** First reading: in how many concepts does each term stand? */
  count(terms: readonly string[]): void
  /** Second reading, concepts ascending. */
  place(conceptNo: number, terms: readonly string[]): void
  /** Candidates, ascending; hashes may collide, so the caller compares the terms themselves. */
  pairs(): Generator<readonly [number, number]>
  isRare(term: string): boolean
}

export interface RareTermLimits {
  /** Concepts that a term may stand in and still be rare. */
  readonly mostConcepts: number
  /** Rare terms that two concepts must share. */
  readonly leastShared: number
}

const SLOTS = 1 << 22
const SHORTEST_TERM = 4
/** Concept numbers take the lower part of a posting, 2^26 at most; the slot of the term the upper 22 bits. */
const CONCEPTS = 2 ** 26

/** The terms of a concept's facts: stems of content words, each once, ascending; no numbers. */
export const termsOf = (texts: readonly string[]): string[] => {
  const terms = new Set<string>()
  for (const text of texts) {
    for (const word of contentWordsOf(text)) {
      if (word.length >= SHORTEST_TERM && /^\p{L}+$/u.test(word)) terms.add(stemOf(word))
    }
  }
  return [...terms].sort()
}

export function createRareTerms({ mostConcepts, leastShared }: RareTermLimits): RareTerms {
  const counts = new Uint32Array(SLOTS)
  const postings = createNumberList()
  const isRareSlot = (slot: number): boolean => counts[slot]! >= 2 && counts[slot]! <= mostConcepts
  return {
    count(terms) {
      for (const term of terms) counts[slotOf(term)]!++
    },
    place(conceptNo, terms) {
      for (const term of terms) {
        const slot = slotOf(term)
        if (isRareSlot(slot)) postings.push(slot * CONCEPTS + conceptNo)
      }
    },
    isRare: (term) => isRareSlot(slotOf(term)),
    *pairs() {
      const pairs = pairUp(postings.sorted())
      for (let start = 0, end = 0; start < pairs.length; start = end) {
        while (end < pairs.length && pairs[end] === pairs[start]) end++
        if (end - start >= leastShared) {
          yield [Math.floor(pairs[start]! / CONCEPTS), pairs[start]! % CONCEPTS] as const
        }
      }
    },
  }
}

/** @returns one entry for each term and pair of concepts that share it, ascending */
function pairUp(postings: Float64Array): Float64Array {
  const pairs = createNumberList()
  for (let start = 0, end = 0; start < postings.length; start = end) {
    const slot = Math.floor(postings[start]! / CONCEPTS)
    while (end < postings.length && Math.floor(postings[end]! / CONCEPTS) === slot) end++
    const concepts = [...new Set(postings.subarray(start, end))].map((posting) => posting % CONCEPTS)
    for (const [at, b] of concepts.entries()) {
      for (const a of concepts.slice(0, at)) pairs.push(a * CONCEPTS + b)
    }
  }
  return pairs.sorted()
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
  return (hash ^ (hash >>> 11)) & (SLOTS - 1)
}
