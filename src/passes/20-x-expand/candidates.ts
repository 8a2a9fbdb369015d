/**
 * The facts met during one search with what they share: rank → weight in an open-addressing table that is as large
 * as the work, not as the corpus, so that it stays in the cache.
 */
import { TIMES_BITS, TIMES_MASK } from './neighbour-index.ts'
import type { Ranking } from './ranking.ts'
import { GAINS, scoreOf } from './score.ts'

export class Candidates {
  readonly #mask: number
  readonly #shift: number
  /** By slot: one more than a rank, 0 where the slot is free. */
  readonly #keys: Uint32Array
  readonly #weights: Uint32Array
  /** The slots in use, in the order in which they were taken. */
  readonly #slots: Uint32Array
  readonly #gains = Uint32Array.from(GAINS)
  #count = 0

  /** @param capacity most postings that are added between two calls of clear */
  constructor(capacity: number) {
    const slotCount = 2 ** Math.ceil(Math.log2(2 * capacity + 2))
    this.#mask = slotCount - 1
    this.#shift = 32 - Math.log2(slotCount)
    this.#keys = new Uint32Array(slotCount)
    this.#weights = new Uint32Array(slotCount)
    this.#slots = new Uint32Array(capacity)
  }

  clear(): void {
    const [keys, slots] = [this.#keys, this.#slots]
    for (let c = 0; c < this.#count; c++) keys[slots[c]!] = 0
    this.#count = 0
  }

  /** @param weight what the term weighs in the asking fact */
  add(postings: Uint32Array, from: number, to: number, weight: number): void {
    const [keys, weights, slots, gains] = [this.#keys, this.#weights, this.#slots, this.#gains]
    const [mask, shift] = [this.#mask, this.#shift]
    let count = this.#count
    for (let at = from; at < to; at++) {
      const posting = postings[at]!
      const key = (posting >>> TIMES_BITS) + 1
      const gained = weight * gains[posting & TIMES_MASK]!
      let slot = Math.imul(key, SPREAD) >>> shift
      let held = keys[slot]!
      while (held !== key && held !== 0) {
        slot = (slot + 1) & mask
        held = keys[slot]!
      }
      if (held === key) {
        weights[slot]! += gained
        continue
      }
      keys[slot] = key
      weights[slot] = gained
      slots[count++] = slot
    }
    this.#count = count
  }

  /** Offers all but the asking fact itself. */
  offerTo(ranking: Ranking, askingRank: number, factFactor: Uint16Array): void {
    const [keys, weights, slots] = [this.#keys, this.#weights, this.#slots]
    for (let c = 0; c < this.#count; c++) {
      const slot = slots[c]!
      const rank = keys[slot]! - 1
      const score = scoreOf(weights[slot]!, factFactor[rank]!)
      if (score >= ranking.leastScore && rank !== askingRank) ranking.offer(rank, score)
    }
  }
}

/** The golden ratio in 32 bits: neighbouring ranks land far from each other. */
const SPREAD = 0x9e3779b1
