/**
 * The one reading of the texts: each fact's terms into blocks of plain numbers, and how large the index will be before
 * anything of it is made.
 */
import { MAX_TERMS_PER_TEXT, TermReader } from './salient-terms.ts'
import { createTermSketch } from './term-sketch.ts'

export interface IndexMeasure {
  readonly factCount: number
  /** Distinct terms of each fact, over all facts. */
  readonly termTotal: number
  /** Words, repeats included, over all facts. */
  readonly wordTotal: number
  /** Distinct terms of the corpus, within about one per cent. */
  readonly termCount: number
  /** Facts of each space, in the order in which the spaces were met. */
  readonly spaceSizes: readonly number[]
}

/**
 * Whole facts, one behind the other: rank, number of its space, words, terms, then three numbers a term (two halves of
 * its hash, how often).
 */
export type TermBlock = Uint32Array

export const NUMBERS_PER_FACT = 4
export const NUMBERS_PER_TERM = 3
const BLOCK_NUMBERS = 1 << 18
const MOST_NUMBERS = NUMBERS_PER_FACT + NUMBERS_PER_TERM * MAX_TERMS_PER_TEXT

export interface TextCutter {
  cut(rank: number, text: string, space: string): void
  /** Hands over what is left; nothing can be cut after that. */
  finish(): IndexMeasure
}

/** @param put gets each block when it is full; its memory is used again when it returns */
export function createTextCutter(put: (block: TermBlock) => void): TextCutter {
  const reader = new TermReader()
  const sketch = createTermSketch()
  const block = new Uint32Array(BLOCK_NUMBERS)
  const spaces = new Map<string, number>()
  const spaceSizes: number[] = []
  let used = 0
  let factCount = 0
  let termTotal = 0
  let wordTotal = 0
  const flush = (): void => {
    put(block.subarray(0, used))
    used = 0
  }
  return {
    cut(rank, text, space) {
      if (used + MOST_NUMBERS > BLOCK_NUMBERS) flush()
      const count = reader.read(text, space)
      const spaceNo = numberOf(spaces, space)
      spaceSizes[spaceNo] = (spaceSizes[spaceNo] ?? 0) + 1
      block[used] = rank
      block[used + 1] = spaceNo
      block[used + 2] = reader.wordCount
      block[used + 3] = count
      used += NUMBERS_PER_FACT
      for (let t = 0; t < count; t++, used += NUMBERS_PER_TERM) {
        sketch.add(reader.high[t]!, reader.low[t]!)
        block[used] = reader.high[t]!
        block[used + 1] = reader.low[t]!
        block[used + 2] = reader.times[t]!
      }
      factCount++
      termTotal += count
      wordTotal += reader.wordCount
    },
    finish() {
      flush()
      return { factCount, termTotal, wordTotal, termCount: sketch.estimate(), spaceSizes }
    },
  }
}

function numberOf(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name)
  if (known !== undefined) return known
  numbers.set(name, numbers.size)
  return numbers.size - 1
}
