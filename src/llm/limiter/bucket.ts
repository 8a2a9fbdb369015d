/**
 * A token bucket in one word of shared memory.
 *
 * The level is told as the time at which the bucket would be full again: taking moves that time on by cost ÷ rate,
 * and time itself refills. So a taking is one compare-and-exchange, and nothing has to tick.
 */
import { BUCKET, WORDS } from './shared-words.ts'

/**
 * So much refill is never spent: requests overtake each other on the wire, and a busy thread sends late. It costs
 * nothing but itself, once; a bucket that holds much can spare more.
 */
const LEAST_GUARD_NS = 200_000_000n
const MOST_GUARD_NS = 1_500_000_000n
const GUARDED_PART = 20n
const MINUTE_NS = 60_000_000_000
const ONE_PPM = 1_000_000
/** A rate that was slowed by a refusal without headers is whole again after so long. */
const RECOVERY_NS = 300_000_000_000
const SLOWING = 0.7
const SLOWEST = 0.01
const ONE_SLOWING_PER_NS = 5_000_000_000n

export class Bucket {
  readonly #words: BigInt64Array
  readonly #base: number

  constructor(words: BigInt64Array, base: number) {
    this.#words = words
    this.#base = base
  }

  /** Units a nanosecond that this process may use now; 0 where no limit is known. */
  ratePerNs(nowNs: bigint): number {
    const perMinute = Number(this.#load(BUCKET.perMinute))
    return (perMinute / MINUTE_NS) * this.#share() * this.#pace(nowNs)
  }

  /**
   * @returns null where it was taken, and then `count` must follow or `giveBack`; else how long to wait, in nanoseconds
   */
  take(cost: number, nowNs: bigint): bigint | null {
    const rate = this.ratePerNs(nowNs)
    if (rate === 0) return null
    const costNs = BigInt(Math.ceil(cost / rate))
    const spendableNs = this.#spendableNs()
    for (;;) {
      const fullAtNs = this.#load(BUCKET.fullAtNs)
      const from = fullAtNs > nowNs ? fullAtNs : nowNs
      // What is larger than the bucket goes when the bucket is full, or it would never go.
      const waitNs = costNs >= spendableNs ? fullAtNs - nowNs : from + costNs - spendableNs - nowNs
      if (waitNs > 0n) return waitNs
      if (this.#exchange(BUCKET.fullAtNs, fullAtNs, from + costNs)) return null
    }
  }

  /** Undoes a taking, or the part of it that was too much. */
  giveBack(cost: number, nowNs: bigint): void {
    const rate = this.ratePerNs(nowNs)
    if (rate > 0) Atomics.sub(this.#words, this.#base + BUCKET.fullAtNs, BigInt(Math.floor(cost / rate)))
  }

  /** All that was ever taken: what was taken since a moment is a difference of two of these. */
  taken(): bigint {
    return this.#load(BUCKET.taken)
  }

  /** Adds to what was taken, once it is sure that the request leaves. */
  count(cost: number): void {
    Atomics.add(this.#words, this.#base + BUCKET.taken, BigInt(Math.round(cost)))
  }

  /**
   * What the headers of an answer say holds from the moment when its request was charged.
   *
   * @param seen the rate as units a minute, the most that the bucket holds, and what was left in it
   * @param takenThen what `taken` gave right after the request was granted
   */
  correct(
    seen: { readonly perMinute: number; readonly size: number; readonly remaining: number },
    sentAtNs: bigint,
    takenThen: bigint,
    nowNs: bigint,
  ): void {
    if (sentAtNs < this.#load(BUCKET.correctedBySentAtNs)) return
    this.#store(BUCKET.correctedBySentAtNs, sentAtNs)
    this.#store(BUCKET.isLearned, 0n)
    this.#store(BUCKET.perMinute, BigInt(Math.max(1, Math.round(seen.perMinute))))
    const rate = this.ratePerNs(nowNs)
    const share = this.#share()
    const size = seen.size * share
    const refilled = Math.min(size, seen.remaining * share + rate * Number(nowNs - sentAtNs))
    this.#store(BUCKET.windowNs, BigInt(Math.ceil(size / rate)))
    this.#setLevel((takenNow) => refilled - Number(takenNow - takenThen), size, rate, nowNs)
  }

  /** After a refusal: the level is such that what was refused can go when the server said. Only ever lowers it. */
  refuse(cost: number, retryAfterNs: bigint, nowNs: bigint): void {
    const rate = this.ratePerNs(nowNs)
    if (rate === 0) return
    const spendableNs = this.#spendableNs()
    const costNs = BigInt(Math.ceil(cost / rate))
    const mostNs = costNs < spendableNs ? spendableNs - costNs : 0n
    const fullAtNs = nowNs + retryAfterNs + mostNs
    for (;;) {
      const before = this.#load(BUCKET.fullAtNs)
      if (before >= fullAtNs || this.#exchange(BUCKET.fullAtNs, before, fullAtNs)) return
    }
  }

  /**
   * Without headers a refusal says only that the pace is too high: it is lowered, once per burst of refusals, and comes
   * back over minutes. Where no limit is known at all, the pace so far becomes one.
   */
  slow(nowNs: bigint): void {
    const slowedAtNs = this.#load(BUCKET.slowedAtNs)
    if (slowedAtNs !== 0n && nowNs - slowedAtNs < ONE_SLOWING_PER_NS) return
    const pace = this.#pace(nowNs)
    if (!this.#exchange(BUCKET.slowedAtNs, slowedAtNs, nowNs)) return
    if (this.#load(BUCKET.perMinute) === 0n) this.#learn(nowNs)
    this.#store(BUCKET.slowedToPpm, BigInt(Math.round(Math.max(SLOWEST, pace * SLOWING) * ONE_PPM)))
  }

  #learn(nowNs: bigint): void {
    const elapsedNs = Number(nowNs - Atomics.load(this.#words, WORDS.startedAtNs))
    const perMinute = (Number(this.taken()) / Math.max(1, elapsedNs)) * MINUTE_NS
    this.#store(BUCKET.isLearned, 1n)
    this.#store(BUCKET.perMinute, BigInt(Math.max(1, Math.round(perMinute / this.#share()))))
  }

  /** Of the limit, 1 where nothing has been refused; a limit that was only learned may be passed. */
  #pace(nowNs: bigint): number {
    const slowedTo = Number(this.#load(BUCKET.slowedToPpm)) / ONE_PPM
    const slowedAtNs = this.#load(BUCKET.slowedAtNs)
    if (slowedAtNs === 0n) return 1
    const elapsed = Number(nowNs - slowedAtNs) / RECOVERY_NS
    if (this.#load(BUCKET.isLearned) === 1n) return slowedTo * (1 + elapsed)
    return Math.min(1, slowedTo + (1 - SLOWING) * elapsed)
  }

  #spendableNs(): bigint {
    const windowNs = this.#load(BUCKET.windowNs)
    const part = windowNs / GUARDED_PART
    const guardNs = part < LEAST_GUARD_NS ? LEAST_GUARD_NS : part > MOST_GUARD_NS ? MOST_GUARD_NS : part
    return windowNs - guardNs
  }

  #share(): number {
    return Number(Atomics.load(this.#words, WORDS.sharePpm)) / ONE_PPM
  }

  /** Another thread may take between the reading of what was taken and the writing of the level; then again. */
  #setLevel(levelOf: (takenNow: bigint) => number, size: number, rate: number, nowNs: bigint): void {
    for (let tries = 0; tries < 8; tries += 1) {
      const before = this.#load(BUCKET.fullAtNs)
      const missing = size - levelOf(this.taken())
      if (this.#exchange(BUCKET.fullAtNs, before, nowNs + BigInt(Math.ceil(missing / rate)))) return
    }
  }

  #load(word: number): bigint {
    return Atomics.load(this.#words, this.#base + word)
  }
  #store(word: number, value: bigint): void {
    Atomics.store(this.#words, this.#base + word, value)
  }
  #exchange(word: number, expected: bigint, value: bigint): boolean {
    return Atomics.compareExchange(this.#words, this.#base + word, expected, value) === expected
  }
}
