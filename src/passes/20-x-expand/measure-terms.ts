/** The first of three readings of the facts: how large the index will be, before anything of it is made. */
import { createTermReader } from './salient-terms.ts'
import { createTermSketch } from './term-sketch.ts'

export interface IndexMeasure {
  readonly factCount: number
  /** Distinct terms of each fact, over all facts. */
  readonly termTotal: number
  /** Words, repeats included, over all facts. */
  readonly wordTotal: number
  /** Distinct terms of the corpus, within about one per cent. */
  readonly termCount: number
}

/** @returns feed it every fact once, in any order, then ask */
export function createTermMeasure(): { add(text: string, space: string): void; measure(): IndexMeasure } {
  const reader = createTermReader()
  const sketch = createTermSketch()
  let factCount = 0
  let termTotal = 0
  let wordTotal = 0
  return {
    add(text, space) {
      const count = reader.read(text, space)
      for (let t = 0; t < count; t++) sketch.add(reader.high[t]!, reader.low[t]!)
      factCount++
      termTotal += count
      wordTotal += reader.wordCount
    },
    measure: () => ({ factCount, termTotal, wordTotal, termCount: sketch.estimate() }),
  }
}
