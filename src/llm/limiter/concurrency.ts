/**
 * How many requests may be in flight, over all threads.
 *
 * It doubles with every round of answers until the first refusal, then it creeps: a server that is reached at its
 * limit is better found slowly. Only a refusal cuts it; an error of the server says nothing about our pace.
 */
import { WORDS } from './shared-words.ts'

/** Until a first reply has told its headers, nobody knows what the server bears. */
const IN_FLIGHT_BEFORE_A_REPLY = 8
const CUT_TO = 0.8
/** One burst of refusals is one episode. */
const ONE_CUT_PER_NS = 15_000_000_000n
const CREEP_MILLI = 100n
const DOUBLING_MILLI = 1_000n

export class Concurrency {
  readonly #words: BigInt64Array

  constructor(words: BigInt64Array) {
    this.#words = words
  }

  get inFlight(): number {
    return Number(Atomics.load(this.#words, WORDS.inFlight))
  }

  get most(): number {
    const most = Number(Atomics.load(this.#words, WORDS.mostInFlightMilli) / 1_000n)
    return Atomics.load(this.#words, WORDS.hasReply) === 0n ? Math.min(most, IN_FLIGHT_BEFORE_A_REPLY) : most
  }

  take(): boolean {
    for (;;) {
      const inFlight = Atomics.load(this.#words, WORDS.inFlight)
      if (inFlight >= BigInt(this.most)) return false
      if (Atomics.compareExchange(this.#words, WORDS.inFlight, inFlight, inFlight + 1n) === inFlight)
        return true
    }
  }

  giveBack(count = 1): void {
    Atomics.sub(this.#words, WORDS.inFlight, BigInt(count))
  }

  /** The ceiling from now on; what is in flight above it comes back and is not replaced. */
  setCeiling(most: number): void {
    Atomics.store(this.#words, WORDS.ceilingInFlight, BigInt(most))
    const mostMilli = BigInt(most) * 1_000n
    if (Atomics.load(this.#words, WORDS.mostInFlightMilli) > mostMilli)
      Atomics.store(this.#words, WORDS.mostInFlightMilli, mostMilli)
  }

  hadReply(): void {
    Atomics.store(this.#words, WORDS.hasReply, 1n)
  }

  /** After an answer that came while requests were waiting for a place. */
  grow(): void {
    const ceilingMilli = Atomics.load(this.#words, WORDS.ceilingInFlight) * 1_000n
    if (Atomics.load(this.#words, WORDS.mostInFlightMilli) >= ceilingMilli) return
    const wasCut = Atomics.load(this.#words, WORDS.cutAtNs) !== 0n
    Atomics.add(this.#words, WORDS.mostInFlightMilli, wasCut ? CREEP_MILLI : DOUBLING_MILLI)
  }

  cut(nowNs: bigint): void {
    const cutAtNs = Atomics.load(this.#words, WORDS.cutAtNs)
    if (cutAtNs !== 0n && nowNs - cutAtNs < ONE_CUT_PER_NS) return
    if (Atomics.compareExchange(this.#words, WORDS.cutAtNs, cutAtNs, nowNs) !== cutAtNs) return
    const most = Number(Atomics.load(this.#words, WORDS.mostInFlightMilli))
    Atomics.store(this.#words, WORDS.mostInFlightMilli, BigInt(Math.max(1_000, Math.round(most * CUT_TO))))
  }
}
