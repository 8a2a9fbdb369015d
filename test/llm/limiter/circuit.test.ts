import { expect, test } from 'vitest'
import type { AskFailure, Reply } from '../../../schemas/prompt.ts'
import type { Clock } from '../../../src/llm/limiter/clock.ts'
import type { Grant } from '../../../src/llm/limiter/limit.ts'
import { memoryOfThisThread } from '../../../src/llm/limiter/limit-memory.ts'
import { Limiter } from '../../../src/llm/limiter/limiter.ts'

const OPEN_MS = 30_000
const FAILURES = 20

/** Two threads over one memory, and a clock that is moved by hand. */
function setup() {
  let nowMs = 1_000_000
  const timers = new Set<{ atMs: number; wake: () => void }>()
  const clock: Clock = {
    nowNs: () => BigInt(nowMs) * 1_000_000n,
    after: (ms, wake) => {
      const timer = { atMs: nowMs + ms, wake }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
  }
  const circuit = { failures: FAILURES, openMs: OPEN_MS }
  const known = { requestsPerMinute: null, tokensPerMinute: null, mostInFlight: 100, circuit }
  const memory = memoryOfThisThread(known)
  const limiters = [new Limiter(memory, clock), new Limiter(memory, clock)] as const
  const granted: { limiter: Limiter; grant: Grant }[] = []
  return {
    limiters,
    granted,
    ask(limiter: Limiter): void {
      const demand = { promptTokens: 1, answerLimitTokens: 1, isRetry: false }
      void limiter
        .enter(demand, new AbortController().signal)
        .then((grant) => granted.push({ limiter, grant }))
    },
    async pass(ms: number): Promise<void> {
      const untilMs = nowMs + ms
      for (;;) {
        await Promise.resolve()
        const [next] = [...timers].sort((a, b) => a.atMs - b.atMs)
        if (next === undefined || next.atMs > untilMs) break
        timers.delete(next)
        nowMs = Math.max(nowMs, next.atMs)
        next.wake()
      }
      nowMs = untilMs
      await Promise.resolve()
    },
  }
}

const failed = (code: AskFailure['code']): Reply => ({
  ok: false,
  failure: {
    ...{ code, message: '', mayBeBilled: false, retryAfterMs: null, isSystemic: false },
    httpStatus: code === 'provider_error' ? 503 : 400,
  },
})

async function open({ ask, granted, pass, limiters }: ReturnType<typeof setup>): Promise<void> {
  for (let n = 0; n < FAILURES; n += 1) {
    ask(limiters[n % 2]!)
    await pass(0)
    const { limiter, grant } = granted.pop()!
    limiter.leave(grant, failed('provider_error'))
  }
}

test('after so many failures in a row, over all threads, nobody goes until the time is over', async () => {
  const world = setup()
  await open(world)
  for (const limiter of world.limiters) world.ask(limiter)
  await world.pass(OPEN_MS - 1)
  expect(world.granted).toHaveLength(0)
})

test('one goes as a probe, of all threads; its answer lets the others go', async () => {
  const world = setup()
  await open(world)
  for (let n = 0; n < 6; n += 1) world.ask(world.limiters[n % 2]!)
  await world.pass(OPEN_MS + 1_000)
  expect(world.granted.map(({ grant }) => grant.isProbe)).toEqual([true])
  const { limiter, grant } = world.granted[0]!
  limiter.leave(grant, failed('provider_rejected')) // an answer of any kind: the server is there
  await world.pass(1_000)
  expect(world.granted).toHaveLength(6)
})

test('a probe that fails closes the way for as long again, and is counted', async () => {
  const world = setup()
  await open(world)
  for (let n = 0; n < 6; n += 1) world.ask(world.limiters[n % 2]!)
  for (const failures of [1, 2]) {
    await world.pass(OPEN_MS + 1_000)
    expect(world.granted).toHaveLength(failures)
    const { limiter, grant } = world.granted.at(-1)!
    limiter.leave(grant, failed('provider_error'))
    expect(world.limiters.map(({ failedProbes }) => failedProbes)).toEqual([failures, failures])
  }
})

test('a probe that is never heard of again is followed by another one', async () => {
  const world = setup()
  await open(world)
  for (let n = 0; n < 3; n += 1) world.ask(world.limiters[0])
  await world.pass(2 * OPEN_MS + 2_000)
  expect(world.granted.map(({ grant }) => grant.isProbe)).toEqual([true, true])
})

test('a sign of life between failures begins the count anew', async () => {
  const { ask, granted, pass, limiters } = setup()
  for (let n = 0; n < 3 * FAILURES; n += 1) {
    ask(limiters[0])
    await pass(0)
    const { limiter, grant } = granted.pop()!
    limiter.leave(grant, failed(n % (FAILURES - 1) === 0 ? 'provider_busy' : 'provider_error'))
    await pass(60_000) // what a busy server asks for
  }
  ask(limiters[0])
  await pass(0)
  expect(granted).toHaveLength(1)
})
