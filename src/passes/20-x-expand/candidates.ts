/**
 * The facts met during one search with what they share: rank → weight in an open-addressing table that is as large
 * as the work, not as the corpus, so that it stays in the cache.
 */
import { TIMES_BITS, TIMES_MASK } from './neighbour-index.ts'
import type { Ranking } from './ranking.ts'
import { GAINS, leastProductFor, scoreOf } from './score.ts'

export class Candidates {
  readonly #mask: number
  readonly #shift: number
  /** By slot: one more than a rank, 0 where the slot is free; then the weight. */
  readonly #table: Uint32Array
  /** Where the entries in use begin, in the order in which they were taken. */
  readonly #taken: Uint32Array
  readonly #gains = Uint32Array.from(GAINS)
  #count = 0

  /** @param capacity most postings that are added between two calls of clear */
  constructor(capacity: number) {
    const slotCount = 2 ** Math.ceil(Math.log2(2 * capacity + 2))
    this.#mask = 2 * slotCount - 1
    this.#shift = 32 - Math.log2(slotCount)
    this.#table = new Uint32Array(2 * slotCount)
    this.#taken = new Uint32Array(capacity)
  }

  clear(): void {
    this.#table.fill(0)
    this.#count = 0
  }

  /** @param weight what the term weighs in the asking fact */
  add(postings: Uint32Array, from: number, to: number, weight: number): void {
    const [table, taken, gains] = [this.#table, this.#taken, this.#gains]
    const [mask, shift] = [this.#mask, this.#shift]
    let count = this.#count
    for (let at = from; at < to; at++) {
      const posting = postings[at]!
      const key = (posting >>> TIMES_BITS) + 1
      const gained = weight * gains[posting & TIMES_MASK]!
      let entry = (Math.imul(key, SPREAD) >>> shift) << 1
      let held = table[entry]!
      while (held !== key && held !== 0) {
        entry = (entry + 2) & mask
        held = table[entry]!
      }
      if (held === key) {
        table[entry + 1]! += gained
        continue
      }
      table[entry] = key
      table[entry + 1] = gained
      taken[count++] = entry
    }
    this.#count = count
  }

  /**
   * Offers all but the asking fact itself.
   *
   * A candidate whose weight could not do even with the largest factor is passed over before its own is looked up,
   * which lies anywhere in an array as long as the corpus.
   *
   * @param largestFactor of all facts
   */
  offerTo(ranking: Ranking, askingRank: number, factFactor: Uint16Array, largestFactor: number): void {
    const [table, taken] = [this.#table, this.#taken]
    let leastProduct = leastProductFor(ranking.leastScore)
    let leastWeight = leastProduct / largestFactor
    for (let c = 0; c < this.#count; c++) {
      const entry = taken[c]!
      const weight = table[entry + 1]!
      if (weight < leastWeight) continue
      const rank = table[entry]! - 1
      const factor = factFactor[rank]!
      if (weight * factor < leastProduct || rank === askingRank) continue
      ranking.offer(rank, scoreOf(weight, factor))
      leastProduct = leastProductFor(ranking.leastScore)
      leastWeight = leastProduct / largestFactor
    }
  }
}

/** The golden ratio in 32 bits: neighbouring ranks land far from each other. */
const SPREAD = 0x9e3779b1
