import { expect, test } from 'vitest'
import { allowanceIn, newWindowMemory, windowGate } from '../../src/runner/window-gate.ts'

const WINDOW_MS = 1_000

/** A provider's window of 100 tokens, a host that counts what was used in it, and two threads. */
function setup(tokens = 100) {
  const clock = { ms: 5_000 }
  const rows = { used: 0 }
  const memory = newWindowMemory()
  const allowance = allowanceIn(memory)
  let asked = 0
  const askHost = async (need: number): Promise<boolean> => {
    asked += 1
    const left = tokens - rows.used - allowance.uncommittedTokens()
    const endsAtMs = Math.floor(clock.ms / WINDOW_MS) * WINDOW_MS + WINDOW_MS
    allowance.set(Math.max(0, left), endsAtMs)
    return left >= need
  }
  const { signal } = new AbortController()
  const gate = () => {
    const { enter } = windowGate(memory, () => clock.ms, askHost)
    return { enter: (tokens: number) => enter(tokens, signal) }
  }
  return { clock, rows, gates: [gate(), gate()] as const, asked: () => asked }
}

test('all threads together take what the window has, and not one more', async () => {
  const { gates, rows } = setup()
  let used = 0
  const use = async (gate: (typeof gates)[number]): Promise<boolean> => {
    const pass = await gate.enter(7)
    if (pass === null) return false
    used += 7
    rows.used += 7
    pass.committed()
    pass.settle(7)
    return true
  }
  const passed = await Promise.all(Array.from({ length: 30 }, (_, n) => use(gates[n % 2]!)))
  expect(passed.filter(Boolean)).toHaveLength(14)
  expect(used).toBe(98)
})

test('who finds no room waits for what is under way, and takes what it did not need', async () => {
  const { gates, rows } = setup()
  const pass = (await gates[0].enter(100))!
  pass.committed()
  rows.used = 100
  const waiting = gates[1].enter(60)
  rows.used = 40
  pass.settle(40)
  expect(await waiting).not.toBeNull()
})

test('a reservation that is not in the rows yet is not given away again', async () => {
  const { gates, rows } = setup()
  const pass = (await gates[0].enter(90))!
  const waiting = gates[1].enter(20)
  rows.used = 90
  pass.committed()
  pass.settle(90)
  expect(await waiting).toBeNull()
})

test('what did not leave is given back', async () => {
  const { gates } = setup()
  const pass = (await gates[0].enter(90))!
  pass.cancel()
  expect(await gates[1].enter(100)).not.toBeNull()
})

test('the next window has its own room, and what an old one gives back is none of it', async () => {
  const { clock, gates, rows } = setup()
  const old = (await gates[0].enter(100))!
  old.committed()
  clock.ms += WINDOW_MS
  rows.used = 0 // what was sent before this window does not count in it
  const pass = (await gates[0].enter(60))!
  pass.committed()
  rows.used = 60
  old.settle(10)
  pass.settle(60)
  expect(await gates[1].enter(41)).toBeNull()
  expect(await gates[1].enter(40)).not.toBeNull()
})

test('the host is asked once for a window that has room', async () => {
  const { gates, asked } = setup()
  for (let n = 0; n < 10; n += 1) await gates[0].enter(10)
  expect(asked()).toBe(1)
})
