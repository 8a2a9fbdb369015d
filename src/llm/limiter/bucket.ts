/**
 * A token bucket in a few words.
 *
 * The level is told as the time at which the bucket would be full again: taking moves that time on by cost ÷ rate,
 * and time itself refills. So nothing has to tick.
 */
import { BUCKET, WORDS } from './limit-words.ts'

/**
 * So much refill is never spent: requests overtake each other on the wire. It costs nothing but itself, once; a bucket
 * that holds much can spare more. What requests were seen to leave late, on a busy machine, comes on top.
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

  /** Units a nanosecond that may be used now; 0 where no limit is known. */
  ratePerNs(nowNs: bigint): number {
    return (Number(this.#get(BUCKET.perMinute)) / MINUTE_NS) * this.#pace(nowNs)
  }

  /** @returns how long to wait until so much may be taken, in nanoseconds; 0 or less where it may be now */
  waitNs(cost: number, nowNs: bigint): bigint {
    const rate = this.ratePerNs(nowNs)
    if (rate === 0) return 0n
    const costNs = BigInt(Math.ceil(cost / rate))
    const spendableNs = this.#spendableNs()
    const fullAtNs = this.#get(BUCKET.fullAtNs)
    // What is larger than the bucket goes when the bucket is full, or it would never go.
    if (costNs >= spendableNs) return fullAtNs - nowNs
    return later(fullAtNs, nowNs) + costNs - spendableNs - nowNs
  }

  take(cost: number, nowNs: bigint): void {
    this.#set(BUCKET.taken, this.taken() + BigInt(Math.round(cost)))
    const rate = this.ratePerNs(nowNs)
    if (rate === 0) return
    this.#set(BUCKET.fullAtNs, later(this.#get(BUCKET.fullAtNs), nowNs) + BigInt(Math.ceil(cost / rate)))
  }

  /** Undoes a taking, or the part of it that was too much. */
  giveBack(cost: number, nowNs: bigint): void {
    const rate = this.ratePerNs(nowNs)
    if (rate > 0) this.#set(BUCKET.fullAtNs, this.#get(BUCKET.fullAtNs) - BigInt(Math.floor(cost / rate)))
  }

  /** All that was ever taken: what was taken since a moment is a difference of two of these. */
  taken(): bigint {
    return this.#get(BUCKET.taken)
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
    if (sentAtNs < this.#get(BUCKET.correctedBySentAtNs)) return
    this.#set(BUCKET.correctedBySentAtNs, sentAtNs)
    this.#set(BUCKET.isLearned, 0n)
    this.#set(BUCKET.perMinute, BigInt(Math.max(1, Math.round(seen.perMinute))))
    const rate = this.ratePerNs(nowNs)
    const refilled = Math.min(seen.size, seen.remaining + rate * Number(nowNs - sentAtNs))
    const level = refilled - Number(this.taken() - takenThen)
    this.#set(BUCKET.windowNs, BigInt(Math.ceil(seen.size / rate)))
    this.#set(BUCKET.fullAtNs, nowNs + BigInt(Math.ceil((seen.size - level) / rate)))
  }

  /** After a refusal: the level is such that what was refused can go when the server said. Only ever lowers it. */
  refuse(cost: number, retryAfterNs: bigint, nowNs: bigint): void {
    const rate = this.ratePerNs(nowNs)
    if (rate === 0) return
    const spendableNs = this.#spendableNs()
    const costNs = BigInt(Math.ceil(cost / rate))
    const mostNs = costNs < spendableNs ? spendableNs - costNs : 0n
    this.#set(BUCKET.fullAtNs, later(this.#get(BUCKET.fullAtNs), nowNs + retryAfterNs + mostNs))
  }

  /**
   * Without headers a refusal says only that the pace is too high: it is lowered, once per burst of refusals, and comes
   * back over minutes. Where no limit is known at all, the pace so far becomes one.
   */
  slow(nowNs: bigint): void {
    const slowedAtNs = this.#get(BUCKET.slowedAtNs)
    if (slowedAtNs !== 0n && nowNs - slowedAtNs < ONE_SLOWING_PER_NS) return
    const pace = this.#pace(nowNs)
    this.#set(BUCKET.slowedAtNs, nowNs)
    if (this.#get(BUCKET.perMinute) === 0n) this.#learn(nowNs)
    this.#set(BUCKET.slowedToPpm, BigInt(Math.round(Math.max(SLOWEST, pace * SLOWING) * ONE_PPM)))
  }

  #learn(nowNs: bigint): void {
    const elapsedNs = Number(nowNs - this.#words[WORDS.startedAtNs]!)
    const perMinute = (Number(this.taken()) / Math.max(1, elapsedNs)) * MINUTE_NS
    this.#set(BUCKET.isLearned, 1n)
    this.#set(BUCKET.perMinute, BigInt(Math.max(1, Math.round(perMinute))))
  }

  /** Of the limit, 1 where nothing has been refused; a limit that was only learned may be passed. */
  #pace(nowNs: bigint): number {
    const slowedTo = Number(this.#get(BUCKET.slowedToPpm)) / ONE_PPM
    const slowedAtNs = this.#get(BUCKET.slowedAtNs)
    if (slowedAtNs === 0n) return 1
    const elapsed = Number(nowNs - slowedAtNs) / RECOVERY_NS
    if (this.#get(BUCKET.isLearned) === 1n) return slowedTo * (1 + elapsed)
    return Math.min(1, slowedTo + (1 - SLOWING) * elapsed)
  }

  #spendableNs(): bigint {
    const windowNs = this.#get(BUCKET.windowNs)
    const part = windowNs / GUARDED_PART
    const guardNs = part < LEAST_GUARD_NS ? LEAST_GUARD_NS : part > MOST_GUARD_NS ? MOST_GUARD_NS : part
    const leavesAfterNs = this.#words[WORDS.leavesAfterNs]!
    const mostNs = windowNs / 2n
    return windowNs - guardNs - (leavesAfterNs < mostNs ? leavesAfterNs : mostNs)
  }

  #get(word: number): bigint {
    return this.#words[this.#base + word]!
  }
  #set(word: number, value: bigint): void {
    this.#words[this.#base + word] = value
  }
}

const later = (a: bigint, b: bigint): bigint => (a > b ? a : b)
