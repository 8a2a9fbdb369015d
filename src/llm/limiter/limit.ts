/**
 * One limit of a provider: whether a request may go now, and what its reply teaches. Whoever calls holds the lock of
 * the words.
 */
import type { AskFailure, LimitsSeen, Returned, Usage } from '../../../schemas/prompt.ts'
import { Bucket } from './bucket.ts'
import { Circuit } from './circuit.ts'
import { FirstCalls } from './first-calls.ts'
import { perMinuteOf, sizeOf } from './limit-period.ts'
import { WORDS } from './limit-words.ts'

export interface Demand {
  /** The prompt's tokens as we count them; the limit learns how the provider's count differs. */
  readonly promptTokens: number
  readonly answerLimitTokens: number
  readonly isRetry: boolean
}

/** Leave to send one request. */
export interface Grant {
  readonly demand: Demand
  readonly tokens: number
  readonly grantedAtNs: bigint
  /** Moved on when the request leaves, for its intent is made durable between. */
  sentAtNs: bigint
  /** The only one that may go to a server that has failed for long. */
  readonly isProbe: boolean
  /** What had been taken from each bucket right after this grant. */
  readonly takenThen: Readonly<Record<BucketName, bigint>>
}

const BUCKET_NAMES = ['requests', 'tokens', 'projectTokens'] as const
type BucketName = (typeof BUCKET_NAMES)[number]

const DEFAULT_RETRY_AFTER_MS = 1_000
const RATIO_MEMORY = 16n
const LEAVING_MEMORY = 256n
const SECOND_NS = 1_000_000_000n
const SPREAD_NS = 2n * SECOND_NS

export class Limit {
  readonly #words: BigInt64Array
  readonly #buckets: Readonly<Record<BucketName, Bucket>>
  readonly #firstCalls: FirstCalls
  readonly #circuit: Circuit

  constructor(words: BigInt64Array) {
    this.#words = words
    this.#firstCalls = new FirstCalls(words)
    this.#circuit = new Circuit(words)
    this.#buckets = {
      requests: new Bucket(words, WORDS.requests),
      tokens: new Bucket(words, WORDS.tokens),
      projectTokens: new Bucket(words, WORDS.projectTokens),
    }
  }

  /** Whether the server fails every time, so that a failure says nothing about the question. */
  get isServerDown(): boolean {
    return this.#circuit.isOpen
  }
  /** How often a server that fails every time was probed in vain. */
  get failedProbes(): number {
    return this.#circuit.failedProbes
  }

  /**
   * How long until such a request may go, in nanoseconds; 0 if now.
   *
   * The cost is computed now, not when the demand was queued: what was learned meanwhile counts.
   */
  waitNs(demand: Demand, nowNs: bigint): bigint {
    const tokens = this.#tokensOf(demand)
    return [
      this.#words[WORDS.pausedUntilNs]! - nowNs,
      this.#circuit.waitNs(nowNs),
      this.#firstCalls.waitNs(nowNs),
      ...BUCKET_NAMES.map((name) => this.#buckets[name].waitNs(costIn(name, tokens), nowNs)),
    ].reduce((most, waitNs) => (waitNs > most ? waitNs : most), 0n)
  }

  /** @param mostInFlight those who were silent together speak up over so many parts of a second */
  take(demand: Demand, nowNs: bigint, mostInFlight: number): Grant {
    const tokens = this.#tokensOf(demand)
    for (const name of BUCKET_NAMES) this.#buckets[name].take(costIn(name, tokens), nowNs)
    this.#firstCalls.take(nowNs)
    if (this.#words[WORDS.startedAtNs] === 0n) this.#words[WORDS.startedAtNs] = nowNs
    this.#spreadAfterPause(nowNs, mostInFlight)
    const isProbe = this.#circuit.pass(nowNs)
    const { requests, tokens: tokenBucket, projectTokens } = this.#buckets
    const takenThen = {
      requests: requests.taken(),
      tokens: tokenBucket.taken(),
      projectTokens: projectTokens.taken(),
    }
    return { demand, tokens, grantedAtNs: nowNs, sentAtNs: nowNs, isProbe, takenThen }
  }

  /** The request did not leave. */
  giveBack({ tokens, isProbe }: Grant, nowNs: bigint): void {
    for (const name of BUCKET_NAMES) this.#buckets[name].giveBack(costIn(name, tokens), nowNs)
    this.#firstCalls.giveBack()
    if (isProbe) this.#circuit.probeStayed(nowNs)
  }

  hearAnswer(): void {
    this.#circuit.close()
  }

  learn(grant: Grant, reply: Returned, nowNs: bigint): void {
    this.#circuit.learn(reply, grant.isProbe, nowNs)
    this.#learnLeaving(grant)
    const limits = reply.ok ? reply.answer.limits : reply.failure.limits
    if (limits !== undefined) this.#correct(limits, grant, nowNs)
    if (reply.ok) {
      const { usage } = reply.answer
      this.#learnRatio(grant.demand, usage)
      if (limits === undefined) this.#giveBackUnused(grant, usage, nowNs)
    } else if (reply.failure.code === 'provider_busy') this.#refused(grant, reply.failure, nowNs)
    // A connection that broke tells nothing about limits: the next ones are as careful as the first.
    if (reply.ok || reply.failure.httpStatus !== null) this.#firstCalls.areOver()
    else this.#firstCalls.giveBack()
  }

  #tokensOf({ promptTokens, answerLimitTokens }: Demand): number {
    const ratio = Number(this.#words[WORDS.promptRatioPpm]) / 1_000_000
    return Math.ceil(ratio * promptTokens) + answerLimitTokens
  }

  /** The longest, forgotten slowly: so much later than granted requests may come together. */
  #learnLeaving({ grantedAtNs, sentAtNs }: Grant): void {
    const before = this.#words[WORDS.leavesAfterNs]!
    const faded = before - before / LEAVING_MEMORY
    const seen = sentAtNs - grantedAtNs
    this.#words[WORDS.leavesAfterNs] = seen > faded ? seen : faded
  }

  #learnRatio({ promptTokens }: Demand, { promptTokens: trueTokens, isBound }: Usage): void {
    if (promptTokens === 0 || isBound === true) return
    const seen = BigInt(Math.round((trueTokens / promptTokens) * 1_000_000))
    const before = this.#words[WORDS.promptRatioPpm]!
    this.#words[WORDS.promptRatioPpm] = before + (seen - before) / RATIO_MEMORY
  }

  /** Where no header tells what the server charged, its limit is taken to count what was used. */
  #giveBackUnused({ tokens }: Grant, { promptTokens, answerTokens }: Usage, nowNs: bigint): void {
    const unused = tokens - promptTokens - answerTokens
    if (unused > 0) this.#buckets.tokens.giveBack(unused, nowNs)
  }

  #correct(limits: LimitsSeen, { sentAtNs, takenThen }: Grant, nowNs: bigint): void {
    for (const name of BUCKET_NAMES) {
      const seen = limits[name]
      if (seen === null || seen.remaining === null) continue
      const perMinute = perMinuteOf(seen)
      const told = { perMinute, size: sizeOf(seen, perMinute), remaining: seen.remaining }
      this.#buckets[name].correct(told, sentAtNs, takenThen[name], nowNs)
    }
  }

  /**
   * With headers the bucket that was short lets everybody go one by one from when the server said. Without them all
   * that is known is how long to be silent.
   */
  #refused({ tokens }: Grant, { retryAfterMs, limits }: AskFailure, nowNs: bigint): void {
    const retryAfterNs = BigInt(Math.ceil((retryAfterMs ?? DEFAULT_RETRY_AFTER_MS) * 1_000_000))
    for (const name of BUCKET_NAMES) {
      const cost = costIn(name, tokens)
      const remaining = limits?.[name]?.remaining ?? null
      if (limits === undefined) this.#buckets[name].slow(nowNs)
      if (remaining === null || remaining < cost) this.#buckets[name].refuse(cost, retryAfterNs, nowNs)
    }
    if (limits === undefined) this.#pauseUntil(nowNs + retryAfterNs)
  }

  /** Those who were silent together must not speak up together: for a while one goes after the other. */
  #spreadAfterPause(nowNs: bigint, mostInFlight: number): void {
    const pausedUntilNs = this.#words[WORDS.pausedUntilNs]!
    if (pausedUntilNs === 0n || nowNs - pausedUntilNs > SPREAD_NS) return
    this.#pauseUntil(nowNs + SECOND_NS / BigInt(mostInFlight))
  }

  #pauseUntil(untilNs: bigint): void {
    if (this.#words[WORDS.pausedUntilNs]! < untilNs) this.#words[WORDS.pausedUntilNs] = untilNs
  }
}

const costIn = (name: BucketName, tokens: number): number => (name === 'requests' ? 1 : tokens)
