import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createTextCutter } from '../../../src/passes/20-x-expand/cut-texts.ts'
import { expandBytes } from '../../../src/passes/20-x-expand/expand-bytes.ts'
import { indexOfTexts } from '../../support/index-of-texts.ts'

const texts = readFileSync(new URL('../../data/rules/mixed-facts.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { text: string }).text)

test('the index takes no more memory than was reckoned from the measure, and not much less', () => {
  const cutter = createTextCutter(() => undefined)
  for (const [rank, text] of texts.entries()) cutter.cut(rank, text, '')
  const shape = { ownCount: texts.length, neighbourCount: 12, postingsCap: 2_000, threadCount: 2 }
  const reckoned = expandBytes({ ...cutter.finish(), ...shape })
  const held = Object.values(indexOfTexts(texts))
    .filter((value) => ArrayBuffer.isView(value))
    .reduce((sum, view) => sum + view.byteLength, 4 * texts.length)
  expect(held).toBeLessThanOrEqual(reckoned.index)
  expect(held).toBeGreaterThan(reckoned.index / 3)
})

test('11.6 million facts of 15 terms fit four gigabytes', () => {
  const reckoned = expandBytes({
    factCount: 11_600_000,
    ownCount: 11_600_000,
    termTotal: 15 * 11_600_000,
    wordTotal: 20 * 11_600_000,
    termCount: 5_000_000,
    neighbourCount: 12,
    postingsCap: 2_000,
    threadCount: 2,
  })
  expect(reckoned.peak).toBeLessThan(4 * 2 ** 30)
})
