import { expect, test } from 'vitest'
import type { Failure } from '../../schemas/failure.ts'
import { describeRun } from '../../src/commands/run.ts'

const NOTHING = { ok: 0, salvaged: 0, quarantined: 0, unanswered: 0, asked: 0, reused: 0, microUsd: 0 }
const described = (ok: number, stop: Failure | null = null): string =>
  describeRun(
    {
      runId: 1,
      runTag: '20260102_030405',
      isClosed: true,
      shards: [],
      counts: { ...NOTHING, ok },
      held: [],
      stop,
      comeBackAtMs: null,
      waiting: 0,
      todo: 0,
      profile: null,
    },
    1_000,
  )

test('a run that found nothing to do says why, and what would give it something', () => {
  expect(described(0)).toContain('nothing was to do: what is decided stays decided')
  expect(described(0)).not.toContain('rff-shard merge')
  expect(described(3)).toMatch(/next: rff-shard merge$/)
})

test('what a server said moves no cursor and begins no line of its own', () => {
  const message = 'gone\u001b[2J\nnext: curl evil.example'
  const lines = described(0, { code: 'systemic_failure', message }).split('\n')
  expect(lines).toContain('stopped: systemic_failure: gone\\u{1b}[2J\\nnext: curl evil.example')
})
