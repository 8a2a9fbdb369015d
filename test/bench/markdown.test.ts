import { expect, test } from 'vitest'
import { cellText, numberText, trialAsMarkdown } from '../../bench/support/markdown.ts'

test('numbers show three figures that count, and whole thousands', () => {
  expect([0.1234, 12.34, 123.4, 1_234.5, 1_234_567, 0, 7].map(numberText)).toEqual([
    '0.12',
    '12.3',
    '123',
    '1,235',
    '1,234,567',
    '0',
    '7',
  ])
})

test('a figure of one round has no range, one of several has', () => {
  expect(cellText({ median: 2, least: 2, most: 2, rounds: 1 })).toBe('2')
  expect(cellText({ median: 2, least: 1, most: 4, rounds: 3 })).toBe('2 (1–4)')
})

test('a row without a column shows a dash, and an absent peer is named', () => {
  const text = trialAsMarkdown(
    { name: 'trial', question: 'How fast?' },
    {
      rows: [
        { name: 'ours', cells: { a: 1 } },
        { name: 'theirs', cells: { b: 'x' } },
      ],
      absentPeers: ['peer'],
      notes: [],
    },
  )
  expect(text).toContain('| ours | 1 | – |\n| theirs | – | x |')
  expect(text).toContain('peer is not installed here')
})
