import { describe, expect, test } from 'vitest'
import type { Reply } from '../../../schemas/prompt.ts'
import type { Demand, Grant } from '../../../src/llm/limiter/limit.ts'
import { type LimitMemory, memoryOfThisThread } from '../../../src/llm/limiter/limit-memory.ts'
import type { KnownLimits } from '../../../src/llm/limiter/limit-words.ts'
import { Limiter } from '../../../src/llm/limiter/limiter.ts'
import { placesWords } from '../../../src/llm/limiter/places.ts'
import type { SimLimits } from '../../support/sim-server/script.ts'
import { type Outcome, runTrial, VirtualClock } from './virtual-server.ts'

type Known = KnownLimits & { readonly mostInFlight: number }

const NOTHING_KNOWN: Known = { requestsPerMinute: null, tokensPerMinute: null, mostInFlight: 2_000 }

interface World {
  readonly clock: VirtualClock
  readonly limiter: Limiter
  /** Names in the order in which they were let go, with what they were given. */
  readonly granted: { name: string; atMs: number; grant: Grant }[]
  enter(name: string, change?: Partial<Demand>, signal?: AbortSignal): Promise<void>
  settle(): Promise<void>
}

function setup(known: Partial<Known> = {}): World {
  const clock = new VirtualClock()
  const limiter = new Limiter(memoryOfThisThread({ ...NOTHING_KNOWN, ...known }), clock)
  const granted: World['granted'] = []
  return {
    clock,
    limiter,
    granted,
    enter: async (name, change = {}, signal = new AbortController().signal) => {
      const demand = { promptTokens: 100, answerLimitTokens: 100, isRetry: false, ...change }
      const grant = await limiter.enter(demand, signal)
      granted.push({ name, atMs: clock.nowMs, grant })
    },
    settle: () => clock.runUntil(clock.nowMs),
  }
}

const good: Reply = {
  ok: true,
  answer: {
    text: '',
    finishReason: 'stop',
    usage: { promptTokens: 100, cachedTokens: 0, answerTokens: 100 },
    model: 'm',
    requestId: null,
    latencyMs: 1,
  },
}
const failing = (httpStatus: number, retryAfterMs: number | null = null): Reply => ({
  ok: false,
  failure: {
    code: httpStatus === 429 ? 'provider_busy' : 'provider_error',
    message: '',
    mayBeBilled: false,
    isSystemic: false,
    retryAfterMs,
    httpStatus,
  },
})

describe('ten minutes against a limited server that counts more tokens than we do', () => {
  /** Of all that the server would have given: what its bucket held at first, and what came in. */
  async function trial(
    limits: SimLimits,
    processes: number,
    known: Partial<KnownLimits> = {},
    more: { slowestLeaveMs?: number } = {},
  ): Promise<Outcome & { usedShare: number }> {
    const clock = new VirtualClock()
    const memory = memoryOfThisThread({ ...NOTHING_KNOWN, ...known })
    // The words are what several processes share; places are each one's own.
    const inProcess = (): LimitMemory => ({ ...memory, places: placesWords(NOTHING_KNOWN.mostInFlight) })
    const limiters = Array.from({ length: processes }, () => new Limiter(inProcess(), clock))
    const load = { medianLatencyMs: 800, failingShare: 0.02, promptTokens: 700, answerLimitTokens: 1_000 }
    const outcome = await runTrial(clock, { limits, ...load, minutes: 10, limiters, ...more })
    const minutes = 10 + (limits.burstSeconds ?? 60) / 60
    const given = limits.tokensPerMinute ?? limits.requestsPerMinute!
    const used = limits.tokensPerMinute === undefined ? outcome.calls : outcome.chargedTokens
    return { ...outcome, usedShare: used / (given * minutes) }
  }

  test.each([
    ['tokens and requests', { tokensPerMinute: 300_000, requestsPerMinute: 10_000 }, 2],
    ['requests', { requestsPerMinute: 500 }, 2],
    ['many tokens', { tokensPerMinute: 1_000_000, burstSeconds: 10 }, 2],
    ['a limit per minute that holds for each second', { tokensPerMinute: 300_000, burstSeconds: 1 }, 10],
  ] as const)('%s: the limit is used and hardly a call is refused', async (_name, limits, mostRefused) => {
    for (const processes of [1, 4]) {
      const { usedShare, refused } = await trial(limits, processes)
      expect(usedShare).toBeGreaterThan(0.975)
      expect(usedShare).toBeLessThanOrEqual(1.001)
      expect(refused).toBeLessThanOrEqual(mostRefused)
    }
  })

  test('requests that leave late, since the disk is slow, do not pass for refill', async () => {
    const limits = { tokensPerMinute: 1_000_000, burstSeconds: 2 }
    const { usedShare, refused, calls } = await trial(limits, 4, {}, { slowestLeaveMs: 400 })
    expect(usedShare).toBeGreaterThan(0.975)
    expect(refused / calls).toBeLessThan(0.002)
  })

  test('a limit that only the settings tell is kept without headers', async () => {
    const limits = { tokensPerMinute: 300_000, headers: 'absent' } as const
    const { usedShare, refused } = await trial(limits, 2, { tokensPerMinute: 300_000 })
    expect(usedShare).toBeGreaterThan(0.9)
    expect(refused).toBeLessThan(20)
  })

  test('a limit that nobody tells is found by refusals, never by a storm of them', async () => {
    const { usedShare, refused, calls } = await trial({ tokensPerMinute: 300_000, headers: 'absent' }, 2)
    expect(usedShare).toBeGreaterThan(0.6)
    expect(refused / calls).toBeLessThan(0.2)
  })
})

describe('who goes', () => {
  test('until the first reply only eight are let go', async () => {
    const { enter, settle, granted, limiter } = setup()
    for (let n = 0; n < 30; n += 1) void enter(`${n}`)
    await settle()
    expect(granted.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
    limiter.leave(granted[0]!.grant, good)
    await settle()
    expect(limiter.mostInFlight).toBeGreaterThanOrEqual(20)
    expect(granted).toHaveLength(1 + limiter.mostInFlight)
  })

  test('a retry goes before those who have not yet been asked', async () => {
    const { enter, settle, granted, limiter } = setup({ mostInFlight: 1 })
    for (const name of ['first', 'second', 'third']) void enter(name)
    void enter('retry', { isRetry: true })
    for (let n = 0; n < 3; n += 1) {
      await settle()
      limiter.leave(granted.at(-1)!.grant, good)
    }
    await settle()
    expect(granted.map(({ name }) => name)).toEqual(['first', 'retry', 'second', 'third'])
  })

  test('nobody small overtakes somebody large who waits for tokens', async () => {
    const { clock, enter, granted } = setup({ tokensPerMinute: 6_000 })
    void enter('a', { answerLimitTokens: -30 })
    void enter('large', { promptTokens: 0, answerLimitTokens: 79 })
    void enter('small', { promptTokens: 0, answerLimitTokens: 1 })
    await clock.runUntil(clock.nowMs + 10_000)
    expect(granted.map(({ name }) => name)).toEqual(['a', 'large', 'small'])
    expect(granted[1]!.atMs).toBeGreaterThan(granted[0]!.atMs)
  })

  test('a demand larger than the bucket goes when the bucket is full, not never', async () => {
    const { clock, enter, granted } = setup({ tokensPerMinute: 600 })
    void enter('huge', { answerLimitTokens: 5_000 })
    await clock.runUntil(clock.nowMs + 60_000)
    expect(granted).toHaveLength(1)
  })

  test('who gives up leaves the queue, and the next one goes', async () => {
    const { enter, settle, granted, limiter } = setup({ mostInFlight: 1 })
    const stop = new AbortController()
    void enter('first')
    const gaveUp = enter('gives up', {}, stop.signal)
    void enter('next')
    await settle()
    stop.abort(new Error('enough'))
    await expect(gaveUp).rejects.toThrow('enough')
    limiter.leave(granted[0]!.grant, good)
    await settle()
    expect(granted.map(({ name }) => name)).toEqual(['first', 'next'])
    expect(limiter.waiting).toBe(0)
  })

  test('a request that did not leave gives everything back', async () => {
    const { clock, enter, settle, granted, limiter } = setup({ tokensPerMinute: 6_000 })
    for (let n = 0; n < 100; n += 1) {
      void enter(`${n}`, { promptTokens: 0, answerLimitTokens: 70 })
      await settle()
      limiter.cancel(granted[n]!.grant)
    }
    expect(limiter.inFlight).toBe(0)
    expect(granted.every(({ atMs }) => atMs === clock.nowMs)).toBe(true)
  })
})

describe('after a refusal', () => {
  test('nobody goes before the server said, and then not all at once', async () => {
    const { clock, enter, settle, granted, limiter } = setup()
    void enter('first')
    await settle()
    const refusedAtMs = clock.nowMs
    limiter.leave(granted[0]!.grant, failing(429, 3_000))
    for (let n = 0; n < 12; n += 1) void enter(`${n}`)
    await clock.runUntil(refusedAtMs + 10_000)
    const times = granted.slice(1).map(({ atMs }) => atMs - refusedAtMs)
    expect(times).toHaveLength(12)
    expect(times[0]).toBeGreaterThanOrEqual(3_000)
    expect(times[11]! - times[0]!).toBeGreaterThan(500)
  })

  test('concurrency is cut once per episode, and never for an error of the server', async () => {
    const { clock, enter, settle, granted, limiter } = setup()
    for (let n = 0; n < 8; n += 1) void enter(`${n}`)
    await settle()
    limiter.leave(granted[0]!.grant, failing(500))
    expect(limiter.mostInFlight).toBe(20)
    limiter.leave(granted[1]!.grant, failing(429, 0))
    limiter.leave(granted[2]!.grant, failing(429, 0))
    expect(limiter.mostInFlight).toBe(16)
    await clock.runUntil(clock.nowMs + 15_001)
    clock.after(15_001, () => limiter.leave(granted[3]!.grant, failing(429, 0)))
    await clock.runUntil(clock.nowMs + 20_000)
    expect(limiter.mostInFlight).toBe(12)
  })

  test('concurrency grows while it is what holds requests back, and only then', async () => {
    const { clock, enter, settle, granted, limiter } = setup()
    void enter('alone')
    await settle()
    limiter.leave(granted[0]!.grant, good)
    expect(limiter.mostInFlight).toBe(20)
    for (let n = 0; n < 100; n += 1) void enter(`${n}`)
    await settle()
    for (const { grant } of granted.slice(1)) limiter.leave(grant, good)
    await clock.runUntil(clock.nowMs + 100)
    expect(limiter.mostInFlight).toBe(40)
    expect(limiter.inFlight).toBeLessThanOrEqual(40)
  })
})
