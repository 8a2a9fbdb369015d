/** How much memory PassX takes, known before any of it is taken. */
import type { IndexMeasure } from './cut-texts.ts'
import { slotCountFor } from './term-dictionary.ts'

export interface ExpandBytes {
  /** The index that all threads share. */
  readonly index: number
  /** The term dictionary and the order of reading, there only while the index is built. */
  readonly dictionary: number
  /** The neighbour lists, and what choosing seeds and members takes beside them. */
  readonly cover: number
  /** Scratch memory of the threads. */
  readonly threads: number
  /** The most that is held at one time, the program itself apart. */
  readonly peak: number
}

const DICTIONARY_BYTES_PER_SLOT = 12
const DICTIONARY_BYTES_PER_TERM = 4
/** Rank, space and number of terms, in the order of reading. */
const READ_BYTES_PER_FACT = 4 + 4 + 2
/** Its start, length, factor, own score and number in the corpus file. */
const INDEX_BYTES_PER_FACT = 4 + 1 + 2 + 2 + 4
/** One place in the fact's terms, one in the term's holders. */
const INDEX_BYTES_PER_OCCURRENCE = 4 + 4
const INDEX_BYTES_PER_TERM = 4 + 4 + 2
const LIST_BYTES_PER_NEIGHBOUR = 4 + 2
/**
 * Seed, score, size, marks, priority, domain and order, the list of what is left, who names it, a cluster's members, the
 * order of search.
 */
const COVER_BYTES_PER_FACT = 4 + 2 + 1 + 3 + 16 + 8 + 4 + 8 + 4
/** Each place of a seed's list in the chains; at most as many seeds as facts, about one in five where facts meet. */
const CHAIN_BYTES_PER_NEIGHBOUR = 4

interface ExpandShape extends Omit<IndexMeasure, 'spaceSizes'> {
  /** Facts that are to be covered. */
  readonly ownCount: number
  readonly neighbourCount: number
  readonly postingsCap: number
  readonly threadCount: number
}

/** An upper bound: terms that one fact alone has are counted, though they are not kept. */
export function expandBytes(shape: ExpandShape): ExpandBytes {
  const { factCount, ownCount, termTotal, termCount, neighbourCount } = shape
  const index =
    factCount * INDEX_BYTES_PER_FACT +
    termTotal * INDEX_BYTES_PER_OCCURRENCE +
    termCount * INDEX_BYTES_PER_TERM
  const dictionary =
    slotCountFor(termCount) * DICTIONARY_BYTES_PER_SLOT +
    termCount * DICTIONARY_BYTES_PER_TERM +
    factCount * READ_BYTES_PER_FACT
  const cover =
    ownCount *
    (COVER_BYTES_PER_FACT + neighbourCount * (LIST_BYTES_PER_NEIGHBOUR + CHAIN_BYTES_PER_NEIGHBOUR))
  // Rank and sum of each candidate, and a table of at most four slots and some for each, of four bytes at most.
  const threads = Math.max(1, shape.threadCount) * (shape.postingsCap + 1) * (4 + 4 + 4 * 4)
  return { index, dictionary, cover, threads, peak: index + Math.max(dictionary, cover + threads) }
}
