/** The third reading: each fact's terms by number, and from those the postings. */
import type { NumberedTerms } from './count-terms.ts'
import type { IndexMeasure } from './measure-terms.ts'
import {
  MAX_TERMS_PER_FACT,
  type NeighbourIndex,
  sharedUint8,
  sharedUint16,
  sharedUint32,
  TIMES_BITS,
  TIMES_MASK,
} from './neighbour-index.ts'
import { createTermReader } from './salient-terms.ts'
import { GAINS, lengthFactor, MAX_TIMES, rarity, scoreOf } from './score.ts'

export interface FactPlacer {
  /** @param rank as in NeighbourIndex */
  place(rank: number, text: string, space: string): void
  finish(): NeighbourIndex
}

/** @returns feed it every fact once, in the order in which they were counted, then finish */
export function createFactPlacer(measure: IndexMeasure, terms: NumberedTerms, ownCount: number): FactPlacer {
  const { factCount, wordTotal } = measure
  const { dictionary, holderCount, spaceSizes } = terms
  const reader = createTermReader()
  const factStart = sharedUint32(factCount)
  const factLength = sharedUint8(factCount)
  const factFactor = sharedUint16(factCount)
  const factSelfScore = sharedUint16(factCount)
  const factTerms = sharedUint32(sumOf(holderCount))
  const termRarity = sharedUint16(holderCount.length)
  const numbers = new Uint32Array(reader.high.length)
  let used = 0

  return {
    place(rank, text, space) {
      const spaceSize = spaceSizes.get(space)!
      const termCount = reader.read(text, space)
      let shared = 0
      let selfWeight = 0
      for (let t = 0; t < termCount; t++) {
        const number = dictionary.values[dictionary.slotOf(reader.high[t]!, reader.low[t]!)]! - 1
        const times = Math.min(MAX_TIMES, reader.times[t]!)
        const termsRarity = rarity(spaceSize, number < 0 ? 1 : holderCount[number]!)
        selfWeight += termsRarity * times * GAINS[times - 1]!
        if (number < 0) continue
        termRarity[number] = termsRarity
        numbers[shared++] = (number << TIMES_BITS) | (times - 1)
      }
      const kept = numbers.subarray(0, shared).sort().subarray(0, MAX_TERMS_PER_FACT)
      factStart[rank] = used
      factLength[rank] = kept.length
      factTerms.set(kept, used)
      used += kept.length
      factFactor[rank] = lengthFactor(reader.wordCount, factCount, wordTotal)
      factSelfScore[rank] = scoreOf(selfWeight, factFactor[rank]!)
    },
    finish() {
      const facts = { factCount, ownCount, factStart, factLength, factTerms, factFactor, factSelfScore }
      const postings = postHolders(facts, holderCount.length)
      return { ...facts, termCount: holderCount.length, termRarity, ...postings }
    },
  }
}

const sumOf = (counts: Uint32Array): number => counts.reduce((sum, count) => sum + count, 0)

type PlacedFacts = Pick<NeighbourIndex, 'factCount' | 'factStart' | 'factLength' | 'factTerms'>

/** Facts are walked by rank, so each term's holders come out ascending. */
function postHolders(
  { factCount, factStart, factLength, factTerms }: PlacedFacts,
  termCount: number,
): Pick<NeighbourIndex, 'termStart' | 'postings'> {
  const termStart = sharedUint32(termCount + 1)
  const next = new Uint32Array(termCount + 1)
  // A long fact's commonest terms were cut, so the holders that are left are counted again.
  for (let rank = 0; rank < factCount; rank++) {
    const end = factStart[rank]! + factLength[rank]!
    for (let at = factStart[rank]!; at < end; at++) next[(factTerms[at]! >>> TIMES_BITS) + 1]!++
  }
  for (let term = 1; term <= termCount; term++) next[term]! += next[term - 1]!
  termStart.set(next)
  const postings = sharedUint32(termStart[termCount]!)
  for (let rank = 0; rank < factCount; rank++) {
    const end = factStart[rank]! + factLength[rank]!
    for (let at = factStart[rank]!; at < end; at++) {
      const held = factTerms[at]!
      postings[next[held >>> TIMES_BITS]!++] = (rank << TIMES_BITS) | (held & TIMES_MASK)
    }
  }
  return { termStart, postings }
}
