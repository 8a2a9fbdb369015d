/** The second reading: how many facts hold each term, and from that a number for each term, rarest first. */
import type { IndexMeasure } from './measure-terms.ts'
import { createTermReader } from './salient-terms.ts'
import { createTermDictionary, slotCountFor, type TermDictionary } from './term-dictionary.ts'

export interface NumberedTerms {
  /** Its values are one more than a term's number; 0 for a term that one fact alone holds, which finds nobody. */
  readonly dictionary: TermDictionary
  /** By number, ascending. */
  readonly holderCount: Uint32Array
  /** Facts of each space. */
  readonly spaceSizes: ReadonlyMap<string, number>
}

export interface TermCounter {
  count(text: string, space: string): void
  number(): NumberedTerms
}

/** @returns feed it every fact once, in (key, fact_id) order, then number; it cannot count after that */
export function createTermCounter(measure: IndexMeasure): TermCounter {
  const reader = createTermReader()
  const dictionary = createTermDictionary(slotCountFor(measure.termCount))
  const spaceSizes = new Map<string, number>()
  return {
    count(text, space) {
      const termCount = reader.read(text, space)
      for (let t = 0; t < termCount; t++) {
        dictionary.values[dictionary.slotOf(reader.high[t]!, reader.low[t]!)]!++
      }
      spaceSizes.set(space, (spaceSizes.get(space) ?? 0) + 1)
    },
    number: () => ({ dictionary, holderCount: numberByRarity(dictionary.values), spaceSizes }),
  }
}

/**
 * Counting sort of the slots by their holders; terms of equal rarity follow each other by slot.
 *
 * @param values holders by slot; numbers, one more each, when this returns
 * @returns holders by number
 */
function numberByRarity(values: Uint32Array): Uint32Array {
  let mostHolders = 1
  for (const holders of values) if (holders > mostHolders) mostHolders = holders
  const next = new Uint32Array(mostHolders + 2)
  for (const holders of values) if (holders > 1) next[holders + 1]!++
  for (let holders = 1; holders < next.length; holders++) next[holders]! += next[holders - 1]!

  const holderCount = new Uint32Array(next[next.length - 1]!)
  for (let slot = 0; slot < values.length; slot++) {
    const holders = values[slot]!
    if (holders < 2) {
      values[slot] = 0
      continue
    }
    const number = next[holders]!++
    holderCount[number] = holders
    values[slot] = number + 1
  }
  return holderCount
}
