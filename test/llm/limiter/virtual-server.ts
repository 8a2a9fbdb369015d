/** Ten minutes of a limited server in a fraction of a second: virtual time, the simulated server's own limits. */
import type { LimitsSeen, Reply } from '../../../schemas/prompt.ts'
import { limitsSeenIn } from '../../../src/llm/limit-headers.ts'
import type { Clock } from '../../../src/llm/limiter/clock.ts'
import type { Grant } from '../../../src/llm/limiter/limit.ts'
import type { Limiter } from '../../../src/llm/limiter/limiter.ts'
import { lognormal, seededRandom } from '../../support/sim-server/random.ts'
import { RateLimits } from '../../support/sim-server/rate-limits.ts'
import type { SimLimits } from '../../support/sim-server/script.ts'

/** Events in the order of their time; those of one time in the order of their making. */
export class VirtualClock implements Clock {
  #nowMs = 1_000
  #events: { readonly atMs: number; run: (() => void) | null }[] = []

  nowNs(): bigint {
    return BigInt(Math.round(this.#nowMs * 1_000_000))
  }
  get nowMs(): number {
    return this.#nowMs
  }
  after(ms: number, wake: () => void): () => void {
    const event: { readonly atMs: number; run: (() => void) | null } = { atMs: this.#nowMs + ms, run: wake }
    let low = 0
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#events[middle]!.atMs > event.atMs) high = middle
      else low = middle + 1
    }
    this.#events.splice(low, 0, event)
    return () => {
      event.run = null
    }
  }
  /** Runs until nothing is left to happen, or that time has come; promises are settled between two events. */
  async runUntil(endMs: number): Promise<void> {
    for (;;) {
      for (let turns = 0; turns < 4; turns += 1) await Promise.resolve()
      const next = this.#events[0]
      if (next === undefined || next.atMs > endMs) return
      this.#events.shift()
      this.#nowMs = next.atMs
      next.run?.()
    }
  }
}

export interface Trial {
  readonly limits: SimLimits
  readonly medianLatencyMs: number
  /** Share of the requests that the server fails with 500, at once. */
  readonly failingShare?: number
  readonly promptTokens: number
  readonly answerLimitTokens: number
  readonly minutes: number
  readonly limiters: readonly Limiter[]
  /** A request leaves up to so long after it was granted, as where its intent is written to a slow disk. */
  readonly slowestLeaveMs?: number
}

export interface Outcome {
  readonly calls: number
  readonly refused: number
  readonly chargedTokens: number
  readonly mostInFlight: number
  readonly mostRefusedInARow: number
}

/** Each limiter always has demands waiting; a refused or failed one comes back as a retry. */
export async function runTrial(clock: VirtualClock, trial: Trial): Promise<Outcome> {
  const random = seededRandom(42)
  const server = new RateLimits(trial.limits, clock.nowMs)
  const endMs = clock.nowMs + trial.minutes * 60_000
  let calls = 0
  let refused = 0
  let chargedTokens = 0
  let inFlight = 0
  let mostInFlight = 0
  let refusedInARow = 0
  let mostRefusedInARow = 0

  const ask = async (limiter: Limiter, isRetry: boolean): Promise<void> => {
    const spread = 0.5 + random()
    const promptTokens = Math.round(trial.promptTokens * spread)
    const demand = { promptTokens, answerLimitTokens: trial.answerLimitTokens, isRetry }
    const grant = await limiter.enter(demand, new AbortController().signal)
    if (clock.nowMs >= endMs) return
    const leaveMs = trial.slowestLeaveMs === undefined ? 0 : random() * trial.slowestLeaveMs
    if (leaveMs > 0) await new Promise<void>((resolve) => clock.after(leaveMs, resolve))
    limiter.sent(grant)
    inFlight += 1
    mostInFlight = Math.max(mostInFlight, inFlight)
    // The server counts a fifth more prompt tokens than we do, and requests overtake each other on the wire.
    clock.after(random() * 30, () => arrive(limiter, grant, Math.ceil(promptTokens * 1.2)))
  }

  const arrive = (limiter: Limiter, grant: Grant, promptTokens: number): void => {
    const charge = promptTokens + trial.answerLimitTokens
    calls += 1
    const admission = server.admit(charge, clock.nowMs)
    const limits = limitsSeenIn(new Headers(admission.headers))
    const isFailing = random() < (trial.failingShare ?? 0)
    if (admission.refusal !== undefined) refused += 1
    else chargedTokens += charge
    refusedInARow = admission.refusal === undefined ? 0 : refusedInARow + 1
    mostRefusedInARow = Math.max(mostRefusedInARow, refusedInARow)
    const isAnswer = admission.refusal === undefined && !isFailing
    clock.after(isAnswer ? lognormal(random, trial.medianLatencyMs, 0.5) : 20, () => {
      inFlight -= 1
      const retryAfterMs = admission.refusal?.retryAfterMs ?? null
      limiter.leave(grant, isAnswer ? answered(promptTokens, limits) : failed(retryAfterMs, limits))
      void ask(limiter, !isAnswer)
    })
  }
  for (const limiter of trial.limiters) for (let n = 0; n < 400; n += 1) void ask(limiter, false)
  await clock.runUntil(endMs)
  return { calls, refused, chargedTokens, mostInFlight, mostRefusedInARow }
}

function answered(promptTokens: number, limits: LimitsSeen | undefined): Reply {
  const usage = { promptTokens, cachedTokens: 0, answerTokens: 200 }
  const seen = limits === undefined ? {} : { limits }
  return {
    ok: true,
    answer: { text: '{}', finishReason: 'stop', usage, model: 'm', requestId: null, latencyMs: 0, ...seen },
  }
}

function failed(retryAfterMs: number | null, limits: LimitsSeen | undefined): Reply {
  const code = retryAfterMs === null ? 'provider_error' : 'provider_busy'
  const seen = limits === undefined ? {} : { limits }
  const httpStatus = retryAfterMs === null ? 500 : 429
  return {
    ok: false,
    failure: { code, message: '', mayBeBilled: false, isSystemic: false, retryAfterMs, httpStatus, ...seen },
  }
}
