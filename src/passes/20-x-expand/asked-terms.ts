/**
 * The terms of the fact that asks, in a table that stays in the nearest cache, so that what another fact shares with it
 * takes one walk over the other's terms. Walking the two lists side by side, the next step hangs on a comparison that
 * no processor foresees.
 */
import { MAX_TERMS_PER_FACT, type NeighbourIndex, TIMES_BITS, TIMES_MASK } from './neighbour-index.ts'
import { GAINS } from './score.ts'

/** Never more than a quarter full, so a term that the asking fact has not is mostly met by a free slot. */
const SLOTS = 4 * MAX_TERMS_PER_FACT

export class AskedTerms {
  readonly #factTerms: Uint32Array
  readonly #termRarity: Uint16Array
  /** By slot: one more than a term, 0 where the slot is free; and what the term weighs in the asking fact. */
  readonly #keys = new Uint32Array(SLOTS)
  readonly #weights = new Uint32Array(SLOTS)
  readonly #gains = Uint32Array.from(GAINS)

  constructor({ factTerms, termRarity }: NeighbourIndex) {
    this.#factTerms = factTerms
    this.#termRarity = termRarity
  }

  /** @param start where the terms of the asking fact begin in `factTerms` */
  ask(start: number, length: number): void {
    const [keys, weights, factTerms] = [this.#keys, this.#weights, this.#factTerms]
    keys.fill(0)
    for (let at = start; at < start + length; at++) {
      const held = factTerms[at]!
      const term = held >>> TIMES_BITS
      let slot = term & (SLOTS - 1)
      while (keys[slot] !== 0) slot = (slot + 1) & (SLOTS - 1)
      keys[slot] = term + 1
      weights[slot] = this.#termRarity[term]! * ((held & TIMES_MASK) + 1)
    }
  }

  /** @returns what those terms of the asking fact weigh that stand among the `length` from `start` */
  sharedWith(start: number, length: number): number {
    const [keys, weights, factTerms, gains] = [this.#keys, this.#weights, this.#factTerms, this.#gains]
    let sum = 0
    for (let at = start; at < start + length; at++) {
      const held = factTerms[at]!
      const term = held >>> TIMES_BITS
      let slot = term & (SLOTS - 1)
      let key = keys[slot]!
      while (key !== 0 && key !== term + 1) {
        slot = (slot + 1) & (SLOTS - 1)
        key = keys[slot]!
      }
      if (key !== 0) sum += weights[slot]! * gains[held & TIMES_MASK]!
    }
    return sum
  }
}
