/**
 * The terms of all facts to the neighbour index, in two steps over one array: first each term stands there as its slot
 * in the dictionary, while its holders are counted; then as its number, the rarest first.
 */
import { type IndexMeasure, NUMBERS_PER_FACT, NUMBERS_PER_TERM, type TermBlock } from './cut-texts.ts'
import {
  MAX_TERMS_PER_FACT,
  type NeighbourIndex,
  sharedUint8,
  sharedUint16,
  sharedUint32,
  TIMES_BITS,
  TIMES_MASK,
} from './neighbour-index.ts'
import { numberByRarity } from './number-by-rarity.ts'
import { postHolders } from './post-holders.ts'
import { MAX_TERMS_PER_TEXT } from './salient-terms.ts'
import { GAINS, lengthFactor, MAX_TIMES, rarity, scoreOf } from './score.ts'
import { createTermDictionary, slotCountFor } from './term-dictionary.ts'

export interface IndexBuilder {
  add(block: TermBlock): void
  finish(): NeighbourIndex
}

/** @returns feed it every block once, in the order in which the facts were read: by (key, fact_id) */
export function createIndexBuilder(measure: IndexMeasure, ownCount: number): IndexBuilder {
  const { factCount, wordTotal, termTotal } = measure
  const dictionary = createTermDictionary(slotCountFor(measure.termCount))
  const facts = {
    factCount,
    ownCount,
    factStart: sharedUint32(factCount),
    factLength: sharedUint8(factCount),
    factTerms: sharedUint32(termTotal),
    factFactor: sharedUint16(factCount),
    factSelfScore: sharedUint16(factCount),
  }
  // In the order of reading, which is not that of ranks where some facts are covered already.
  const read = {
    ranks: new Uint32Array(factCount),
    spaces: new Uint32Array(factCount),
    termCounts: new Uint16Array(factCount),
  }
  let factsRead = 0
  let used = 0
  return {
    add(block) {
      for (let at = 0; at < block.length; factsRead++) {
        const rank = block[at]!
        read.ranks[factsRead] = rank
        read.spaces[factsRead] = block[at + 1]!
        facts.factFactor[rank] = lengthFactor(block[at + 2]!, factCount, wordTotal)
        const termCount = block[at + 3]!
        read.termCounts[factsRead] = termCount
        at += NUMBERS_PER_FACT
        for (const end = at + NUMBERS_PER_TERM * termCount; at < end; at += NUMBERS_PER_TERM) {
          const slot = dictionary.slotOf(block[at]!, block[at + 1]!)
          dictionary.values[slot]!++
          facts.factTerms[used++] = (slot << TIMES_BITS) | (Math.min(MAX_TIMES, block[at + 2]!) - 1)
        }
      }
    },
    finish() {
      const holderCount = numberByRarity(dictionary.values)
      const termRarity = numberTerms(facts, read, dictionary.values, holderCount, measure.spaceSizes)
      return {
        ...facts,
        termCount: holderCount.length,
        termRarity,
        ...postHolders(facts, holderCount.length),
      }
    },
  }
}

type Facts = Pick<NeighbourIndex, 'factStart' | 'factLength' | 'factTerms' | 'factFactor' | 'factSelfScore'>

interface ReadFacts {
  readonly ranks: Uint32Array
  readonly spaces: Uint32Array
  readonly termCounts: Uint16Array
}

/**
 * Slots become numbers, ascending within a fact; terms that one fact alone holds find nobody and go. What is left is
 * never more than what was there, so it is written over it.
 *
 * @param numbers by slot: one more than the number of its term, 0 where nobody else holds it
 * @returns rarities by number
 */
function numberTerms(
  { factStart, factLength, factTerms, factFactor, factSelfScore }: Facts,
  { ranks, spaces, termCounts }: ReadFacts,
  numbers: Uint32Array,
  holderCount: Uint32Array,
  spaceSizes: readonly number[],
): Uint16Array {
  const termRarity = sharedUint16(holderCount.length)
  const lonelyRarity = spaceSizes.map((size) => rarity(size, 1))
  const kept = new Uint32Array(MAX_TERMS_PER_TEXT)
  let from = 0
  let used = 0
  for (let place = 0; place < ranks.length; place++) {
    const rank = ranks[place]!
    const space = spaces[place]!
    let keptCount = 0
    let selfWeight = 0
    for (const end = from + termCounts[place]!; from < end; from++) {
      const repeats = factTerms[from]! & TIMES_MASK
      const number = numbers[factTerms[from]! >>> TIMES_BITS]! - 1
      // A term belongs to one space, so its rarity is reckoned once; it is never 0.
      if (number >= 0 && termRarity[number] === 0)
        termRarity[number] = rarity(spaceSizes[space]!, holderCount[number]!)
      const weight = number < 0 ? lonelyRarity[space]! : termRarity[number]!
      selfWeight += weight * (repeats + 1) * GAINS[repeats]!
      if (number >= 0) kept[keptCount++] = (number << TIMES_BITS) | repeats
    }
    const rarest = kept.subarray(0, keptCount).sort().subarray(0, MAX_TERMS_PER_FACT)
    factStart[rank] = used
    factLength[rank] = rarest.length
    factTerms.set(rarest, used)
    used += rarest.length
    factSelfScore[rank] = scoreOf(selfWeight, factFactor[rank]!)
  }
  return termRarity
}
