import { expect, test } from 'vitest'
import { drawProgress, type ProgressView, progressSentence } from '../../src/commands/draw-progress.ts'

const pace = { done: 412, of: 1_523, ok: 400, microUsd: 31_000, perSecond: 12.34 }

const view = (shardCount: number): ProgressView => ({
  shards: Array.from({ length: shardCount }, (_, shardNo) => ({ shardNo, ...pace })),
  total: { done: 1_648, of: 6_092, ok: 1_600, microUsd: 124_000, perSecond: 49.4 },
  capMicroUsd: 5_000_000,
  leftMs: 90_000,
  isPaused: false,
})

test.each([40, 79, 80, 120, 200])('no line is longer than a terminal of %d columns', (columns) => {
  const lines = drawProgress(view(4), { columns, rows: 24 })
  expect(lines).toHaveLength(5)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns)
})

test('every shard has its line, and the last is of all of them with cap and time left', () => {
  const lines = drawProgress(view(2), { columns: 100, rows: 24 })
  expect(lines[0]).toMatch(/^0000 {2}412 of 1,523 +12\.3\/s +97\.1 % ok +\$0\.03/)
  expect(lines[2]).toMatch(
    /^all +1,648 of 6,092 +49\.4\/s +97\.1 % ok +\$0\.12 of \$5\.00 {2}1 min 30 s left/,
  )
})

test('bars stand one under the other and are as full as what is done', () => {
  const lines = drawProgress(view(2), { columns: 200, rows: 24 })
  const starts = lines.map((line) => line.search(/[█░]/))
  expect(new Set(starts).size).toBe(1)
  for (const line of lines)
    expect(line.match(/█/g)!.length / line.match(/[█░]/g)!.length).toBeCloseTo(0.27, 1)
})

test('more shards than rows are counted instead of shown', () => {
  const lines = drawProgress(view(40), { columns: 80, rows: 10 })
  expect(lines).toHaveLength(10)
  expect(lines.at(-2)).toBe('… and 32 shards more')
  expect(lines.at(-1)).toMatch(/^all/)
})

test('a pause is told where the time left stood', () => {
  const paused = { ...view(1), isPaused: true }
  expect(drawProgress(paused, { columns: 200, rows: 9 }).at(-1)).toMatch(/paused/)
  expect(progressSentence(paused)).toBe(
    '1,648 of 6,092 clusters, 97.1 % ok, 49.4 a second, $0.12 of $5.00, paused',
  )
})
