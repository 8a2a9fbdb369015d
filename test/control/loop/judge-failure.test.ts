import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LoopRow } from '../../../db/queries/iterations.ts'
import type { FailureCode } from '../../../schemas/failure.ts'
import { judgeFailure, waitAfter } from '../../../src/control/loop/judge-failure.ts'

const READY: LoopRow = { state: 'ready', reason: null, strikes: 0, lastCode: null }

function fail(codes: readonly FailureCode[]) {
  let row = READY
  return codes.map((code) => {
    const judged = judgeFailure(row, { code, message: 'so it was' }, 3)
    row = judged.row
    return judged
  })
}

test('the same failure three times pauses, and says so once', () => {
  const judged = fail(['shard_damaged', 'shard_damaged', 'shard_damaged'])
  expect(judged.map(({ verdict }) => verdict)).toEqual(['retry', 'retry', 'pause'])
  expect(judged.map(({ isAlarming }) => isAlarming)).toEqual([false, false, true])
  expect(judged[2]!.row).toMatchObject({ state: 'paused', reason: 'shard_damaged: so it was' })
})

test('another failure in between counts from one again', () => {
  const judged = fail(['internal', 'internal', 'shard_damaged', 'internal', 'internal'])
  expect(judged.map(({ verdict }) => verdict)).not.toContain('pause')
})

test('a failed gate and a spent budget pause at once', () => {
  expect(fail(['gate_failed'])[0]).toMatchObject({ verdict: 'pause', isAlarming: true })
  expect(fail(['budget_spent'])[0]).toMatchObject({ verdict: 'pause', isAlarming: true })
})

test('a server that is gone is looked for again for ever, and told of once', () => {
  const judged = fail(Array.from({ length: 20 }, () => 'systemic_failure'))
  expect(judged.every(({ verdict }) => verdict === 'retry')).toBe(true)
  expect(judged.filter(({ isAlarming }) => isAlarming)).toHaveLength(1)
})

test('waits double and never pass their limit', () => {
  expect([1, 2, 3, 4].map((strikes) => waitAfter(strikes, 100, 500))).toEqual([100, 200, 400, 500])
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.nat(86_400_000),
      fc.nat(86_400_000),
      (n, first, most) => {
        const wait = waitAfter(n, first, most)
        expect(wait).toBeLessThanOrEqual(most)
        expect(wait).toBeGreaterThanOrEqual(0)
      },
    ),
  )
})
