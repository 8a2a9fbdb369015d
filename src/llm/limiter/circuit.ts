/**
 * Leaves a server alone that fails every time.
 *
 * After so many failures in a row, of its own or of the way there, nobody goes for a while. Then one goes, as a probe:
 * an answer of any kind lets all go again, another failure makes them wait as long once more. It stands in one word, the
 * time from which a probe may go: whoever moves it on by one step is the probe.
 */
import type { Returned } from '../../../schemas/prompt.ts'
import { WORDS } from './limit-words.ts'

/** So often are those who wait looking whether the probe has brought good news. */
const LOOK_AGAIN_NS = 250_000_000n

export class Circuit {
  readonly #words: BigInt64Array

  constructor(words: BigInt64Array) {
    this.#words = words
  }

  /** Whether the server has failed so often that only probes go. */
  get isOpen(): boolean {
    return this.#words[WORDS.probeAtNs] !== 0n
  }

  /** How many probes have failed one after the other since it opened. */
  get failedProbes(): number {
    return Number(this.#words[WORDS.failedProbes])
  }

  /** @returns how long to wait, in nanoseconds; 0 or less where a request may go, perhaps as the probe */
  waitNs(nowNs: bigint): bigint {
    const waitNs = this.#words[WORDS.probeAtNs]! - nowNs
    return waitNs < LOOK_AGAIN_NS ? waitNs : LOOK_AGAIN_NS
  }

  /** The last step before a request leaves. @returns whether it is the probe */
  pass(nowNs: bigint): boolean {
    if (!this.isOpen) return false
    this.#words[WORDS.probeAtNs] = nowNs + this.#words[WORDS.circuitOpenNs]!
    return true
  }

  /** The probe did not leave: another one may. */
  probeStayed(nowNs: bigint): void {
    if (this.isOpen) this.#words[WORDS.probeAtNs] = nowNs
  }

  close(): void {
    for (const word of [WORDS.failuresInARow, WORDS.probeAtNs, WORDS.failedProbes]) this.#words[word] = 0n
  }

  learn(reply: Returned, isProbe: boolean, nowNs: bigint): void {
    if (reply.ok || !OUTAGES.has(reply.failure.code)) {
      this.close()
      return
    }
    if (isProbe) this.#words[WORDS.failedProbes]! += 1n
    // A deadline of ours says as much about the question as about the server: it neither opens nor closes.
    if (reply.failure.code !== 'provider_error') return
    this.#words[WORDS.failuresInARow]! += 1n
    if (this.isOpen || this.#words[WORDS.failuresInARow]! < this.#words[WORDS.circuitFailures]!) return
    this.#words[WORDS.probeAtNs] = nowNs + this.#words[WORDS.circuitOpenNs]!
  }
}

const OUTAGES: ReadonlySet<string> = new Set(['provider_error', 'provider_timeout', 'interrupted'])
