/**
 * The facts met during one search with what they share, in the order in which they were met. They are found again through
 * an open-addressing table of their places that is as large as the work, not as the corpus, and small enough for the
 * nearest cache: two bytes a slot, where key and weight in the slot itself took eight.
 */
import { TIMES_BITS, TIMES_MASK } from './neighbour-index.ts'
import type { Ranking } from './ranking.ts'
import { GAINS, leastProductFor, scoreOf } from './score.ts'

export class Candidates {
  readonly #mask: number
  readonly #shift: number
  /** By slot: one more than a place, 0 where the slot is free. */
  readonly #table: Uint16Array | Uint32Array
  /** By place, in the order of meeting: the rank, and the weight. */
  readonly #ranks: Uint32Array
  readonly #weights: Uint32Array
  readonly #gains = Uint32Array.from(GAINS)
  #count = 0

  /** @param capacity most postings that are added between two calls of clear */
  constructor(capacity: number) {
    const slotCount = 2 ** Math.ceil(Math.log2(2 * capacity + 2))
    this.#mask = slotCount - 1
    this.#shift = 32 - Math.log2(slotCount)
    this.#table = capacity < 2 ** 16 ? new Uint16Array(slotCount) : new Uint32Array(slotCount)
    this.#ranks = new Uint32Array(capacity)
    this.#weights = new Uint32Array(capacity)
  }

  clear(): void {
    this.#table.fill(0)
    this.#count = 0
  }

  /** @param weight what the term weighs in the asking fact */
  add(postings: Uint32Array, from: number, to: number, weight: number): void {
    const [table, ranks, weights, gains] = [this.#table, this.#ranks, this.#weights, this.#gains]
    const [mask, shift] = [this.#mask, this.#shift]
    let count = this.#count
    for (let at = from; at < to; at++) {
      const posting = postings[at]!
      const rank = posting >>> TIMES_BITS
      const gained = weight * gains[posting & TIMES_MASK]!
      let slot = Math.imul(rank, SPREAD) >>> shift
      let place = table[slot]!
      while (place !== 0 && ranks[place - 1] !== rank) {
        slot = (slot + 1) & mask
        place = table[slot]!
      }
      if (place !== 0) {
        weights[place - 1]! += gained
        continue
      }
      ranks[count] = rank
      weights[count++] = gained
      table[slot] = count
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
    const [ranks, weights] = [this.#ranks, this.#weights]
    const count = this.#count
    let leastProduct = leastProductFor(ranking.leastScore)
    let leastWeight = leastProduct / largestFactor
    for (let place = 0; place < count; place++) {
      const weight = weights[place]!
      if (weight < leastWeight) continue
      const rank = ranks[place]!
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
