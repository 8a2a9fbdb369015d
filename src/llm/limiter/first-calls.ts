/**
 * Until a first reply has told its headers, nobody knows what the server bears: eight go, of all processes together.
 *
 * A place that is not given back, since its process died, is free again after a while.
 */
import { WORDS } from './limit-words.ts'

const PLACES = 8n
const PLACE_LAPSES_AFTER_NS = 10_000_000_000n

export class FirstCalls {
  readonly #words: BigInt64Array

  constructor(words: BigInt64Array) {
    this.#words = words
  }

  /** @returns how long to wait, in nanoseconds; 0 or less where one may go */
  waitNs(nowNs: bigint): bigint {
    return this.#hasReply ? 0n : this.#afterOneMore(nowNs) - PLACES * PLACE_LAPSES_AFTER_NS - nowNs
  }

  take(nowNs: bigint): void {
    this.#words[WORDS.firstCallsFullAtNs] = this.#afterOneMore(nowNs)
  }

  giveBack(): void {
    this.#words[WORDS.firstCallsFullAtNs]! -= PLACE_LAPSES_AFTER_NS
  }

  areOver(): void {
    this.#words[WORDS.hasReply] = 1n
  }

  #afterOneMore(nowNs: bigint): bigint {
    const fullAtNs = this.#words[WORDS.firstCallsFullAtNs]!
    return (fullAtNs > nowNs ? fullAtNs : nowNs) + PLACE_LAPSES_AFTER_NS
  }

  get #hasReply(): boolean {
    return this.#words[WORDS.hasReply] !== 0n
  }
}
