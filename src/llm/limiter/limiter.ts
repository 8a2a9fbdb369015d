/**
 * Who may ask now: one limiter per thread over memory that all threads share.
 *
 * `enter` waits for a place, for a request and for its tokens, first in, first out; retries go before the others, for
 * they have waited already. `leave` gives the place back and learns from what the server said.
 */
import { setMaxListeners } from 'node:events'
import type { AskFailure, LimitsSeen, Reply, Usage } from '../../../schemas/prompt.ts'
import { Bucket } from './bucket.ts'
import { Circuit } from './circuit.ts'
import type { Clock } from './clock.ts'
import { Concurrency } from './concurrency.ts'
import { perMinuteOf, sizeOf } from './limit-period.ts'
import { WORDS } from './shared-words.ts'

export interface Demand {
  /** The prompt's tokens as we count them; the limiter learns how the provider's count differs. */
  readonly promptTokens: number
  readonly answerLimitTokens: number
  readonly isRetry: boolean
}

/** Leave to send one request. It must be handed to `leave`, or to `cancel` where the request did not leave. */
export interface Grant {
  readonly demand: Demand
  readonly tokens: number
  readonly grantedAtNs: bigint
  /** The only one that may go to a server that has failed for long. */
  readonly isProbe: boolean
  /** What had been taken from each bucket right after this grant. */
  readonly takenThen: Readonly<Record<BucketName, bigint>>
}

const BUCKET_NAMES = ['requests', 'tokens', 'projectTokens'] as const
type BucketName = (typeof BUCKET_NAMES)[number]

interface Waiting {
  readonly demand: Demand
  readonly resolve: (grant: Grant) => void
}

/** Another thread's place that was given back is noticed after so long at the latest. */
const LOOK_AGAIN_MS = 20
const LONGEST_TIMER_MS = 60_000
const DEFAULT_RETRY_AFTER_MS = 1_000
const RATIO_MEMORY = 16n
const SPREAD_NS = 2_000_000_000n

export class Limiter {
  readonly #words: BigInt64Array
  readonly #clock: Clock
  readonly #buckets: Readonly<Record<BucketName, Bucket>>
  readonly #concurrency: Concurrency
  readonly #circuit: Circuit
  readonly #retries: Waiting[] = []
  readonly #queue: Waiting[] = []
  #cancelTimer: (() => void) | null = null
  #lacksPlaces = false

  /** @param memory from limitMemory */
  constructor(memory: SharedArrayBuffer, clock: Clock) {
    this.#words = new BigInt64Array(memory)
    this.#clock = clock
    this.#concurrency = new Concurrency(this.#words)
    this.#circuit = new Circuit(this.#words)
    this.#buckets = {
      requests: new Bucket(this.#words, WORDS.requests),
      tokens: new Bucket(this.#words, WORDS.tokens),
      projectTokens: new Bucket(this.#words, WORDS.projectTokens),
    }
  }

  /** @param signal takes the demand out of the queue; the promise is then rejected with its reason */
  enter(demand: Demand, signal: AbortSignal): Promise<Grant> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      // All who wait listen to one signal, the run's; that many are no leak.
      setMaxListeners(0, signal)
      const queue = demand.isRetry ? this.#retries : this.#queue
      const giveUp = (): void => {
        queue.splice(queue.indexOf(waiting), 1)
        reject(signal.reason)
        this.#pump()
      }
      const waiting: Waiting = {
        demand,
        resolve: (grant) => {
          signal.removeEventListener('abort', giveUp)
          resolve(grant)
        },
      }
      signal.addEventListener('abort', giveUp, { once: true })
      queue.push(waiting)
      this.#pump()
    })
  }

  /** The request did not leave. */
  cancel(grant: Grant): void {
    const nowNs = this.#clock.nowNs()
    for (const [bucket, cost] of this.#costs(grant.tokens)) bucket.giveBack(cost, nowNs)
    this.#concurrency.giveBack()
    if (grant.isProbe) this.#circuit.probeStayed(nowNs)
    this.#pump()
  }

  /** The request came back, in whatever way. */
  leave(grant: Grant, reply: Reply): void {
    const nowNs = this.#clock.nowNs()
    this.#concurrency.giveBack()
    this.#circuit.learn(reply, grant.isProbe, nowNs)
    const limits = reply.ok ? reply.answer.limits : reply.failure.limits
    if (limits !== undefined) this.#correct(limits, grant, nowNs)
    if (reply.ok) {
      this.#learnRatio(grant.demand, reply.answer.usage.promptTokens, reply.answer.usage.isBound === true)
      if (this.#lacksPlaces) this.#concurrency.grow()
      if (limits === undefined) this.#giveBackUnused(grant, reply.answer.usage, nowNs)
    } else if (reply.failure.code === 'provider_busy') this.#refused(grant, reply.failure, nowNs)
    // A connection that broke tells nothing about limits: the next ones are as careful as the first.
    if (reply.ok || reply.failure.httpStatus !== null) this.#concurrency.hadReply()
    this.#pump()
  }

  /**
   * The share of the limits that is this process's own, of (0, 1]: what a broker between processes refills from.
   */
  setShare(share: number): void {
    Atomics.store(this.#words, WORDS.sharePpm, BigInt(Math.max(1, Math.round(share * 1_000_000))))
    this.#pump()
  }

  /** The most requests in flight over all threads, from now on. */
  setMostInFlight(most: number): void {
    this.#concurrency.setCeiling(most)
    this.#pump()
  }

  /** Whether the server fails every time, so that a failure says nothing about the question. */
  get isServerDown(): boolean {
    return this.#circuit.isOpen
  }
  /** How often a server that fails every time was probed in vain. */
  get failedProbes(): number {
    return this.#circuit.failedProbes
  }
  get inFlight(): number {
    return this.#concurrency.inFlight
  }
  get mostInFlight(): number {
    return this.#concurrency.most
  }
  get waiting(): number {
    return this.#retries.length + this.#queue.length
  }

  #pump(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    for (;;) {
      const queue = this.#retries.length > 0 ? this.#retries : this.#queue
      const [head] = queue
      if (head === undefined) return
      const granted = this.#grant(head.demand)
      if ('waitMs' in granted) {
        this.#cancelTimer = this.#clock.after(granted.waitMs, () => this.#pump())
        return
      }
      queue.shift()
      head.resolve(granted)
    }
  }

  /** The cost is computed now, not when the demand was queued: what was learned meanwhile counts. */
  #grant(demand: Demand): Grant | { readonly waitMs: number } {
    const nowNs = this.#clock.nowNs()
    const pausedNs = Atomics.load(this.#words, WORDS.pausedUntilNs) - nowNs
    if (pausedNs > 0n) return { waitMs: timerMs(pausedNs) }
    const openNs = this.#circuit.waitNs(nowNs)
    if (openNs !== null) return { waitMs: timerMs(openNs) }
    this.#lacksPlaces = !this.#concurrency.take()
    if (this.#lacksPlaces) return { waitMs: LOOK_AGAIN_MS }
    const tokens = this.#tokensOf(demand)
    const taken: [Bucket, number][] = []
    for (const [bucket, cost] of this.#costs(tokens)) {
      const waitNs = bucket.take(cost, nowNs)
      if (waitNs === null) {
        taken.push([bucket, cost])
        continue
      }
      for (const [other, otherCost] of taken) other.giveBack(otherCost, nowNs)
      this.#concurrency.giveBack()
      return { waitMs: timerMs(waitNs) }
    }
    const passed = this.#circuit.pass(nowNs)
    if (passed === 'wait') {
      for (const [bucket, cost] of taken) bucket.giveBack(cost, nowNs)
      this.#concurrency.giveBack()
      return { waitMs: LOOK_AGAIN_MS }
    }
    for (const [bucket, cost] of taken) bucket.count(cost)
    Atomics.compareExchange(this.#words, WORDS.startedAtNs, 0n, nowNs)
    this.#spreadAfterPause(nowNs)
    const { requests, tokens: tokenBucket, projectTokens } = this.#buckets
    const takenThen = {
      requests: requests.taken(),
      tokens: tokenBucket.taken(),
      projectTokens: projectTokens.taken(),
    }
    return { demand, tokens, grantedAtNs: nowNs, isProbe: passed === 'probe', takenThen }
  }

  #costs(tokens: number): [Bucket, number][] {
    const { requests, tokens: tokenBucket, projectTokens } = this.#buckets
    return [
      [tokenBucket, tokens],
      [projectTokens, tokens],
      [requests, 1],
    ]
  }

  #tokensOf({ promptTokens, answerLimitTokens }: Demand): number {
    const ratio = Number(Atomics.load(this.#words, WORDS.promptRatioPpm)) / 1_000_000
    return Math.ceil(ratio * promptTokens) + answerLimitTokens
  }

  #learnRatio({ promptTokens }: Demand, truePromptTokens: number, isBound: boolean): void {
    if (promptTokens === 0 || isBound) return
    const seen = BigInt(Math.round((truePromptTokens / promptTokens) * 1_000_000))
    const before = Atomics.load(this.#words, WORDS.promptRatioPpm)
    // Two threads that learn at once lose one of the two: it is an average.
    Atomics.store(this.#words, WORDS.promptRatioPpm, before + (seen - before) / RATIO_MEMORY)
  }

  /** Where no header tells what the server charged, its limit is taken to count what was used. */
  #giveBackUnused({ tokens }: Grant, { promptTokens, answerTokens }: Usage, nowNs: bigint): void {
    const unused = tokens - promptTokens - answerTokens
    if (unused > 0) this.#buckets.tokens.giveBack(unused, nowNs)
  }

  #correct(limits: LimitsSeen, { grantedAtNs, takenThen }: Grant, nowNs: bigint): void {
    for (const name of BUCKET_NAMES) {
      const seen = limits[name]
      if (seen === null || seen.remaining === null) continue
      const perMinute = perMinuteOf(seen)
      const told = { perMinute, size: sizeOf(seen, perMinute), remaining: seen.remaining }
      this.#buckets[name].correct(told, grantedAtNs, takenThen[name], nowNs)
    }
  }

  /**
   * With headers the bucket that was short lets everybody go one by one from when the server said. Without them all
   * that is known is how long to be silent.
   */
  #refused(grant: Grant, { retryAfterMs, limits }: AskFailure, nowNs: bigint): void {
    const retryAfterNs = BigInt(Math.ceil((retryAfterMs ?? DEFAULT_RETRY_AFTER_MS) * 1_000_000))
    this.#concurrency.cut(nowNs)
    for (const name of BUCKET_NAMES) {
      const cost = name === 'requests' ? 1 : grant.tokens
      const remaining = limits?.[name]?.remaining ?? null
      if (limits === undefined) this.#buckets[name].slow(nowNs)
      if (remaining === null || remaining < cost) this.#buckets[name].refuse(cost, retryAfterNs, nowNs)
    }
    if (limits === undefined) this.#pauseUntil(nowNs + retryAfterNs)
  }

  /** Those who were silent together must not speak up together: for a while one goes after the other. */
  #spreadAfterPause(nowNs: bigint): void {
    const pausedUntilNs = Atomics.load(this.#words, WORDS.pausedUntilNs)
    if (pausedUntilNs === 0n || nowNs - pausedUntilNs > SPREAD_NS) return
    this.#pauseUntil(nowNs + 1_000_000_000n / BigInt(this.#concurrency.most))
  }

  #pauseUntil(untilNs: bigint): void {
    for (;;) {
      const before = Atomics.load(this.#words, WORDS.pausedUntilNs)
      if (before >= untilNs) return
      if (Atomics.compareExchange(this.#words, WORDS.pausedUntilNs, before, untilNs) === before) return
    }
  }
}

const timerMs = (ns: bigint): number => Math.min(LONGEST_TIMER_MS, Number(ns / 1_000_000n) + 1)
