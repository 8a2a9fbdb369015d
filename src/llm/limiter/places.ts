/**
 * How many requests may be in flight, over all threads of this process.
 *
 * It doubles with every round of answers until the first refusal, then it creeps: a server that is reached at its
 * limit is better found slowly. Only a refusal cuts it; an error of the server says nothing about our pace.
 *
 * It is the process's own, in memory that all its threads change by atomic steps: places of a process that died are
 * gone with it.
 */

const WORD = {
  inFlight: 0,
  /** How many requests may be in flight, in thousandths. */
  mostInFlightMilli: 1,
  /** The ceiling of the settings. */
  ceilingInFlight: 2,
  /** When it was cut last; 0: never. */
  cutAtNs: 3,
} as const

const WORD_COUNT = WORD.cutAtNs + 1

const FIRST_IN_FLIGHT = 20
const CUT_TO = 0.8
/** One burst of refusals is one episode. */
const ONE_CUT_PER_NS = 15_000_000_000n
const CREEP_MILLI = 100n
const DOUBLING_MILLI = 1_000n

/** @param mostInFlight the most requests in flight over all threads */
export function placesWords(mostInFlight: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(WORD_COUNT * BigInt64Array.BYTES_PER_ELEMENT)
  const words = new BigInt64Array(memory)
  words[WORD.mostInFlightMilli] = BigInt(Math.min(FIRST_IN_FLIGHT, mostInFlight) * 1_000)
  words[WORD.ceilingInFlight] = BigInt(mostInFlight)
  return memory
}

export class Places {
  readonly #words: BigInt64Array

  /** @param memory from placesWords */
  constructor(memory: SharedArrayBuffer) {
    this.#words = new BigInt64Array(memory)
  }

  get inFlight(): number {
    return Number(Atomics.load(this.#words, WORD.inFlight))
  }

  get most(): number {
    return Number(Atomics.load(this.#words, WORD.mostInFlightMilli) / 1_000n)
  }

  take(): boolean {
    for (;;) {
      const inFlight = Atomics.load(this.#words, WORD.inFlight)
      if (inFlight >= BigInt(this.most)) return false
      if (Atomics.compareExchange(this.#words, WORD.inFlight, inFlight, inFlight + 1n) === inFlight)
        return true
    }
  }

  giveBack(): void {
    Atomics.sub(this.#words, WORD.inFlight, 1n)
  }

  /** The ceiling from now on; what is in flight above it comes back and is not replaced. */
  setCeiling(most: number): void {
    Atomics.store(this.#words, WORD.ceilingInFlight, BigInt(most))
    const mostMilli = BigInt(most) * 1_000n
    if (Atomics.load(this.#words, WORD.mostInFlightMilli) > mostMilli)
      Atomics.store(this.#words, WORD.mostInFlightMilli, mostMilli)
  }

  /** After an answer that came while requests were waiting for a place. */
  grow(): void {
    const ceilingMilli = Atomics.load(this.#words, WORD.ceilingInFlight) * 1_000n
    if (Atomics.load(this.#words, WORD.mostInFlightMilli) >= ceilingMilli) return
    const wasCut = Atomics.load(this.#words, WORD.cutAtNs) !== 0n
    Atomics.add(this.#words, WORD.mostInFlightMilli, wasCut ? CREEP_MILLI : DOUBLING_MILLI)
  }

  cut(nowNs: bigint): void {
    const cutAtNs = Atomics.load(this.#words, WORD.cutAtNs)
    if (cutAtNs !== 0n && nowNs - cutAtNs < ONE_CUT_PER_NS) return
    if (Atomics.compareExchange(this.#words, WORD.cutAtNs, cutAtNs, nowNs) !== cutAtNs) return
    const most = Number(Atomics.load(this.#words, WORD.mostInFlightMilli))
    Atomics.store(this.#words, WORD.mostInFlightMilli, BigInt(Math.max(1_000, Math.round(most * CUT_TO))))
  }
}
