import { expect, test } from 'vitest'
import type { RunTally } from '../../../schemas/health.ts'
import { measureRun } from '../../../src/passes/80-health/measure-run.ts'

const tally = (more: Partial<RunTally>): RunTally => ({
  ok: 0,
  quarantined: 0,
  loneByRules: 0,
  salvaged: 0,
  repaired: 0,
  expensive: 0,
  attempts: 0,
  unknownAttempts: 0,
  microUsd: 0,
  errorCodes: [],
  latencies: [],
  ...more,
})

test('rates are taken over all shards together, not averaged', () => {
  const run = measureRun([tally({ ok: 99, quarantined: 1 }), tally({ quarantined: 100 })])
  expect(run).toMatchObject({ attempted: 200, ok_rate_millionths: 495_000 })
})

test('percentiles are those of all shards together', () => {
  const latencies = (ms: number, answers: number) => [{ model: 'm', ms, answers }]
  const run = measureRun([tally({ latencies: latencies(900, 10) }), tally({ latencies: latencies(100, 90) })])
  expect(run.latency).toEqual([{ model: 'm', answers: 100, p50_ms: 100, p95_ms: 900 }])
})

test('the order of the shards makes no difference', () => {
  const shards = [
    tally({
      ok: 3,
      errorCodes: [{ code: 'b', attempts: 2 }],
      latencies: [{ model: 'y', ms: 1, answers: 1 }],
    }),
    tally({
      ok: 4,
      errorCodes: [{ code: 'a', attempts: 2 }],
      latencies: [{ model: 'x', ms: 2, answers: 1 }],
    }),
  ]
  expect(measureRun([...shards].reverse())).toEqual(measureRun(shards))
  expect(measureRun(shards).error_codes.map(({ code }) => code)).toEqual(['a', 'b'])
})

test('a run that did nothing has no rates', () => {
  expect(measureRun([tally({ microUsd: 5 })])).toMatchObject({
    ok_rate_millionths: null,
    salvage_rate_millionths: null,
    micro_usd_per_1000_ok: null,
  })
})
