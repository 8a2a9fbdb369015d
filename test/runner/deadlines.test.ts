import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { deadlinesOf } from '../../src/runner/deadlines.ts'

const LONG_MS = 3_600_000

test('requests that leave in one turn have one deadline, and those of the next turn another', async () => {
  const deadline = deadlinesOf(LONG_MS)
  const first = deadline()
  await Promise.resolve()
  expect(deadline()).toBe(first)
  await nextTurn()
  const later = deadline()
  expect(later).not.toBe(first)
  expect(deadline()).toBe(later)
})

test('of very many that leave at once each 64 share one', () => {
  const deadline = deadlinesOf(LONG_MS)
  const signals = Array.from({ length: 130 }, deadline)
  expect(new Set(signals.slice(0, 64)).size).toBe(1)
  expect(new Set(signals).size).toBe(3)
})

test('it aborts with a TimeoutError', async () => {
  const signal = deadlinesOf(1)()
  if (!signal.aborted) await once(signal, 'abort')
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
})
