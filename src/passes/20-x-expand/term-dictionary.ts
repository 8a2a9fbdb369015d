/**
 * Term hash → slot, in open-addressing typed arrays: 12 bytes a slot where a JavaScript map takes about 100.
 *
 * The table never grows, because its size is reckoned before it is made; `values` is the caller's, one number a
 * slot (first the count of holders, then the term's id).
 */
import { RffError } from '../../../schemas/failure.ts'

export interface TermDictionary {
  readonly slotCount: number
  /** By slot; 0 where nobody wrote. */
  readonly values: Uint32Array
  /** @returns the slot of the term, taken for it where it is new */
  slotOf(high: number, low: number): number
}

/** At least this share of slots stays empty, which keeps the walks short. */
const EMPTY_SHARE = 0.3

/** @param termCount distinct terms, within a few per cent */
export const slotCountFor = (termCount: number): number =>
  2 ** Math.max(4, Math.ceil(Math.log2(Math.max(1, termCount) / (1 - EMPTY_SHARE))))

export function createTermDictionary(slotCount: number): TermDictionary {
  const highs = new Uint32Array(slotCount)
  const lows = new Uint32Array(slotCount)
  const values = new Uint32Array(slotCount)
  const mask = slotCount - 1
  let usedCount = 0
  return {
    slotCount,
    values,
    slotOf(high, low) {
      // A slot whose two halves are zero is empty; the one term that hashes to that is moved aside.
      const heldHigh = high === 0 && low === 0 ? 1 : high
      let slot = low & mask
      while (lows[slot] !== low || highs[slot] !== heldHigh) {
        if (lows[slot] === 0 && highs[slot] === 0) {
          if (++usedCount === slotCount) throw tooFull(slotCount)
          lows[slot] = low
          highs[slot] = heldHigh
          return slot
        }
        slot = (slot + 1) & mask
      }
      return slot
    },
  }
}

const tooFull = (slotCount: number): RffError =>
  new RffError(
    'internal',
    `the term dictionary of ${slotCount} slots is full: the corpus changed while it was read`,
  )
