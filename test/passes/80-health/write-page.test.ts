import { expect, test } from 'vitest'
import type { Health } from '../../../schemas/health.ts'
import { judgeGates } from '../../../src/passes/80-health/judge-gates.ts'
import { measureRun } from '../../../src/passes/80-health/measure-run.ts'
import { writeHealthPage } from '../../../src/passes/80-health/write-page.ts'

const run = measureRun([])

function healthOf(change: Partial<Health> = {}): Health {
  const measured: Omit<Health, 'gates'> = {
    format: 1,
    field_tag: '20260101_000000',
    run: { all: run, last_run: null, judged: 'all' },
    field: {
      concepts: 2,
      aliases: 2,
      members: 2,
      facts: 2,
      fact_edges: 1,
      edges: 1,
      seeds: 2,
      fact_relation_types: [{ rel_type: 'refines', edges: 1 }],
      edge_relation_types: [],
      links: {
        scored: 4,
        kept: 1,
        flagged: 1,
        keep_rate_millionths: 250_000,
        flagged_rate_millionths: 1_000_000,
        drop_reasons: [{ reason: 'below threshold', links: 3 }],
        flags: [{ flag: 'hub', links: 1 }],
      },
      lone_concepts: 0,
      largest_component: 2,
      components: 1,
      degree_tail: [{ at_least: 1, concepts: 2 }],
      alias_groups: [],
      vetoed_merges: 0,
    },
    against_base: null,
    past_keep_rates_millionths: [],
    ...change,
  }
  return { ...measured, gates: judgeGates(measured, {}) }
}

test('a failed warning is shown with what to look at, and blocks nothing', () => {
  const page = writeHealthPage(healthOf())
  expect(page).toContain('Healthy, with a remark: flagged_rate.')
  expect(page).toContain('| flagged_rate | FAILED (warn) | 100.00 % | at most 15.00 % |')
  expect(page).toContain('- flagged_rate: read the flagged links')
})

test('a gate with nothing to measure is passed and says so', () => {
  expect(writeHealthPage(healthOf())).toContain(
    '| ok_rate | passed | nothing to measure | at least 98.00 % |',
  )
})

test('a divergence is told in bits', () => {
  expect(writeHealthPage(healthOf())).toContain(
    '| relation_shift | passed | nothing to measure | at most 0.0500 bits |',
  )
})

test('the name of a model cannot break the page', () => {
  const latency = [{ model: 'a|b\n<script>', answers: 1, p50_ms: 1, p95_ms: 1 }]
  const page = writeHealthPage(healthOf({ run: { all: { ...run, latency }, last_run: null, judged: 'all' } }))
  expect(page).toContain('| a\\|b \\<script\\> | 1 | 1 ms | 1 ms |')
})

test('a limit and a severity that the settings name replace the defaults', () => {
  const { gates } = healthOf()
  expect(gates.find(({ name }) => name === 'flagged_rate')).toMatchObject({ passed: false, severity: 'warn' })
  const changed = judgeGates(healthOf(), { flagged_rate: { severity: 'block', limit: 1 } })
  expect(changed.find(({ name }) => name === 'flagged_rate')).toMatchObject({
    passed: true,
    severity: 'block',
    limit_millionths: 1_000_000,
  })
})
