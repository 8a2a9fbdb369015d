/**
 * Leaves a server alone that fails every time.
 *
 * After so many failures in a row, of its own or of the way there, nobody goes for a while. Then one goes, as a probe:
 * an answer of any kind lets all go again, another failure makes them wait as long once more. It is one word of shared
 * memory, the time from which a probe may go: whoever moves it on by one step is the probe.
 */
import type { Reply } from '../../../schemas/prompt.ts'
import { WORDS } from './shared-words.ts'

/** So often are those who wait looking whether the probe has brought good news. */
const LOOK_AGAIN_NS = 250_000_000n

export class Circuit {
  readonly #words: BigInt64Array

  constructor(words: BigInt64Array) {
    this.#words = words
  }

  /** Whether the server has failed so often that only probes go. */
  get isOpen(): boolean {
    return Atomics.load(this.#words, WORDS.probeAtNs) !== 0n
  }

  /** How many probes have failed one after the other since it opened. */
  get failedProbes(): number {
    return Number(Atomics.load(this.#words, WORDS.failedProbes))
  }

  /** @returns how long to wait, in nanoseconds; null where a request may go, perhaps as the probe */
  waitNs(nowNs: bigint): bigint | null {
    const probeAtNs = Atomics.load(this.#words, WORDS.probeAtNs)
    if (probeAtNs === 0n || probeAtNs <= nowNs) return null
    const waitNs = probeAtNs - nowNs
    return waitNs < LOOK_AGAIN_NS ? waitNs : LOOK_AGAIN_NS
  }

  /** The last step before a request leaves. @returns `wait` where another one has become the probe */
  pass(nowNs: bigint): 'closed' | 'probe' | 'wait' {
    const probeAtNs = Atomics.load(this.#words, WORDS.probeAtNs)
    if (probeAtNs === 0n) return 'closed'
    if (probeAtNs > nowNs) return 'wait'
    const next = nowNs + Atomics.load(this.#words, WORDS.circuitOpenNs)
    return Atomics.compareExchange(this.#words, WORDS.probeAtNs, probeAtNs, next) === probeAtNs
      ? 'probe'
      : 'wait'
  }

  /** The probe did not leave: another one may. */
  probeStayed(nowNs: bigint): void {
    if (Atomics.load(this.#words, WORDS.probeAtNs) !== 0n) Atomics.store(this.#words, WORDS.probeAtNs, nowNs)
  }

  learn(reply: Reply, isProbe: boolean, nowNs: bigint): void {
    if (reply.ok || !OUTAGES.has(reply.failure.code)) {
      if (Atomics.load(this.#words, WORDS.failuresInARow) === 0n) return
      for (const word of [WORDS.failuresInARow, WORDS.probeAtNs, WORDS.failedProbes])
        Atomics.store(this.#words, word, 0n)
      return
    }
    if (isProbe) Atomics.add(this.#words, WORDS.failedProbes, 1n)
    // A deadline of ours says as much about the question as about the server: it neither opens nor closes.
    if (reply.failure.code !== 'provider_error') return
    const failures = Atomics.add(this.#words, WORDS.failuresInARow, 1n) + 1n
    if (failures < Atomics.load(this.#words, WORDS.circuitFailures)) return
    const probeAtNs = nowNs + Atomics.load(this.#words, WORDS.circuitOpenNs)
    Atomics.compareExchange(this.#words, WORDS.probeAtNs, 0n, probeAtNs)
  }
}

const OUTAGES: ReadonlySet<string> = new Set(['provider_error', 'provider_timeout', 'interrupted'])
