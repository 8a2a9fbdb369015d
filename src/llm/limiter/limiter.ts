/**
 * Who may ask now: one limiter per thread, over words that all threads of all processes share.
 *
 * `enter` waits for a place, for a request and for its tokens, first in, first out; retries go before the others, for
 * they have waited already. `leave` gives the place back and learns from what the server said.
 */
import type { Returned } from '../../../schemas/prompt.ts'
import type { Clock } from './clock.ts'
import { type Demand, type Grant, Limit } from './limit.ts'
import type { LimitMemory } from './limit-memory.ts'
import { WORDS } from './limit-words.ts'
import { Places } from './places.ts'

interface Waiting {
  readonly demand: Demand
  readonly signal: AbortSignal
  readonly resolve: (grant: Grant) => void
  readonly reject: (reason: unknown) => void
}

/** A place that another thread gave back is noticed after so long at the latest. */
const LOOK_AGAIN_MS = 20
const LONGEST_TIMER_MS = 60_000

export class Limiter {
  readonly #memory: LimitMemory
  readonly #clock: Clock
  readonly #limit: Limit
  readonly #places: Places
  readonly #retries: Waiting[] = []
  readonly #queue: Waiting[] = []
  readonly #heeded = new WeakSet<AbortSignal>()
  #cancelTimer: (() => void) | null = null
  #lacksPlaces = false

  constructor(memory: LimitMemory, clock: Clock) {
    this.#memory = memory
    this.#clock = clock
    this.#limit = new Limit(memory.words)
    this.#places = new Places(memory.places)
  }

  /**
   * @param signal takes the demand out of the queue; the promise is then rejected with its reason
   * @returns what must be handed to `leave`, or to `cancel` where the request did not leave
   */
  enter(demand: Demand, signal: AbortSignal): Promise<Grant> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      this.#heed(signal)
      const queue = demand.isRetry ? this.#retries : this.#queue
      queue.push({ demand, signal, resolve, reject })
      // Who comes behind others that wait for their time does not change whose turn it is.
      if (this.#cancelTimer === null || demand.isRetry) this.#pump()
    })
  }

  /** All who wait have the run's signal as a rule, and to listen to it takes the longer the more do so already: one does. */
  #heed(signal: AbortSignal): void {
    if (this.#heeded.has(signal)) return
    this.#heeded.add(signal)
    signal.addEventListener('abort', () => this.#sendAway(signal), { once: true })
  }

  #sendAway(signal: AbortSignal): void {
    const isGoing = (waiting: Waiting): boolean => waiting.signal === signal
    const going = [...this.#retries.filter(isGoing), ...this.#queue.filter(isGoing)]
    for (const queue of [this.#retries, this.#queue])
      queue.splice(0, queue.length, ...queue.filter((waiting) => !isGoing(waiting)))
    for (const { reject } of going) reject(signal.reason)
    this.#pump()
  }

  /** The request did not leave. */
  cancel(grant: Grant): void {
    this.#places.giveBack()
    this.#exclusively((nowNs) => {
      this.#limit.giveBack(grant, nowNs)
      this.#grantAll(nowNs)
    })
  }

  /**
   * The request leaves now. What the server says was left holds from then on at the latest: counted from the grant, a
   * slow disk between the two would look like refill.
   */
  sent(grant: Grant): void {
    grant.sentAtNs = this.#clock.nowNs()
  }

  /** The request came back, in whatever way. */
  leave(grant: Grant, reply: Returned): void {
    this.#places.giveBack()
    this.#exclusively((nowNs) => {
      this.#limit.learn(grant, reply, nowNs)
      if (reply.ok && this.#lacksPlaces) this.#places.grow()
      if (!reply.ok && reply.failure.code === 'provider_busy') this.#places.cut(nowNs)
      this.#grantAll(nowNs)
    })
  }

  /** Somebody was answered who had asked for no place: the server is there. */
  hearAnswer(): void {
    this.#exclusively((nowNs) => {
      this.#limit.hearAnswer()
      this.#grantAll(nowNs)
    })
  }

  /** Whether the server fails every time, so that a failure says nothing about the question. */
  get isServerDown(): boolean {
    return this.#limit.isServerDown
  }
  /** How often a server that fails every time was probed in vain. */
  get failedProbes(): number {
    return this.#limit.failedProbes
  }
  get inFlight(): number {
    return this.#places.inFlight
  }
  get mostInFlight(): number {
    return this.#places.most
  }
  get waiting(): number {
    return this.#retries.length + this.#queue.length
  }

  #pump(): void {
    if (this.waiting > 0) this.#exclusively((nowNs) => this.#grantAll(nowNs))
  }

  #exclusively(act: (nowNs: bigint) => void): void {
    this.#memory.exclusively(() => {
      // Read under the lock: who had it before us may have been later than the moment when we began to wait for it.
      const nowNs = this.#clock.nowNs()
      act(nowNs)
      this.#memory.words[WORDS.usedAtNs] = nowNs
    })
  }

  #grantAll(nowNs: bigint): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    for (;;) {
      const queue = this.#retries.length > 0 ? this.#retries : this.#queue
      const [head] = queue
      if (head === undefined) return
      const waitNs = this.#limit.waitNs(head.demand, nowNs)
      this.#lacksPlaces = waitNs === 0n && !this.#places.take()
      if (waitNs > 0n || this.#lacksPlaces) {
        this.#lookAgainAfter(this.#lacksPlaces ? LOOK_AGAIN_MS : timerMs(waitNs))
        return
      }
      queue.shift()
      head.resolve(this.#limit.take(head.demand, nowNs, this.#places.most))
    }
  }

  #lookAgainAfter(waitMs: number): void {
    this.#cancelTimer = this.#clock.after(waitMs, () => {
      // As long as all places of this process are taken, the others need not be asked.
      const isFull = this.#lacksPlaces && this.#places.inFlight >= this.#places.most
      if (isFull) this.#lookAgainAfter(LOOK_AGAIN_MS)
      else this.#pump()
    })
  }
}

const timerMs = (ns: bigint): number => Math.min(LONGEST_TIMER_MS, Number(ns / 1_000_000n) + 1)
