import { expect, test } from 'vitest'
import type { GoodAnswer } from '../../db/queries/good-answers.ts'
import { limitsFrom } from '../../src/runner/answer-limits.ts'

const answers = (count: number, tokens: (n: number) => number): GoodAnswer[] =>
  Array.from({ length: count }, (_, n) => ({
    lane: 'primary',
    provider: 'sim',
    model: 'm',
    answerTokens: tokens(n),
  }))
const limitOf = (rows: GoodAnswer[]): number | undefined => [...limitsFrom(rows).values()][0]

test('fewer than fifty answers say nothing', () => {
  expect(limitsFrom(answers(49, () => 200)).size).toBe(0)
  expect(limitOf(answers(50, () => 200))).toBe(300)
})

test('the limit is one and a half times the 99th percentile, so one outlier in a hundred does not raise it', () => {
  expect(limitOf(answers(100, (n) => (n < 99 ? 101 : 5_000)))).toBe(152)
  expect(limitOf(answers(100, (n) => (n < 98 ? 101 : 5_000)))).toBe(7_500)
})

test('a model of short answers is still given room for one', () => {
  expect(limitOf(answers(60, () => 3))).toBe(64)
})

test('each lane and model has a limit of its own', () => {
  const repairs = answers(50, () => 400).map((row) => ({ ...row, lane: 'repair' as const }))
  expect([...limitsFrom([...answers(50, () => 200), ...repairs]).values()]).toEqual([300, 600])
})
