import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TermReader } from '../../../src/passes/20-x-expand/salient-terms.ts'
import {
  GAINS,
  lengthFactor,
  MAX_SCORE,
  MAX_TIMES,
  rarity,
  scoreOf,
} from '../../../src/passes/20-x-expand/score.ts'
import { createTermDictionary, slotCountFor } from '../../../src/passes/20-x-expand/term-dictionary.ts'
import { createTermSketch } from '../../../src/passes/20-x-expand/term-sketch.ts'

const reader = new TermReader()

const termsOf = (text: string): string[] => {
  const count = reader.read(text, '')
  return Array.from({ length: count }, (_, t) => `${reader.high[t]}:${reader.low[t]}:${reader.times[t]}`)
}

test('forms of a word are one term, and how often it is said is kept', () => {
  expect(termsOf('Causes caused cause')).toEqual(termsOf('cause cause cause'))
  expect(termsOf('cause')).not.toEqual(termsOf('cause cause'))
})

/** Nothing of it is a word, and it keeps a text from being read as ASCII. */
const NOT_ASCII = '\u3002'

test('a text of ASCII has the same terms when it is read as one of any script', () => {
  const parts = fc.constantFrom(..."aBs019.,'+#- \t", "'s", "'S", 'Tests', 'C++', '1,000.5', 'running')
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 12 }), (found) => {
      const text = found.join('')
      expect(termsOf(text)).toEqual(termsOf(text + NOT_ASCII))
    }),
    { numRuns: 2_000 },
  )
})

test('a word is known again after others have pushed it out of memory', () => {
  const reader = new TermReader()
  const hashOf = (word: string): [number, number] => {
    reader.read(word, '')
    return [reader.high[0]!, reader.low[0]!]
  }
  const first = hashOf('running')
  for (let word = 0; word < 200_000; word++) reader.read(`w${word}`, '')
  expect(hashOf('running')).toEqual(first)
})

test('numbers are terms of their own', () => {
  expect(termsOf('version 30')).not.toEqual(termsOf('version 31'))
  expect(new Set(termsOf('16.4 164 16')).size).toBe(3)
})

test('a text of a hundred thousand words gives a bounded number of terms', () => {
  const text = Array.from({ length: 100_000 }, (_, word) => `w${word}`).join(' ')
  expect(termsOf(text)).toHaveLength(1024)
})

test.each([10, 1_000, 100_000])('a sketch of %i terms is off by less than three per cent', (termCount) => {
  const sketch = createTermSketch()
  const reader = new TermReader()
  for (let round = 0; round < 2; round++) {
    for (let term = 0; term < termCount; term++) {
      reader.read(`w${term}`, '')
      sketch.add(reader.high[0]!, reader.low[0]!)
    }
  }
  expect(Math.abs(sketch.estimate() - termCount)).toBeLessThanOrEqual(Math.max(1, 0.03 * termCount))
})

test('a dictionary gives each term a slot of its own and finds it again', () => {
  const dictionary = createTermDictionary(slotCountFor(5_000))
  const slots = new Set<number>()
  const hashOf = (term: number): [number, number] => [1 + (term >>> 5), term & 31]
  for (let term = 0; term < 5_000; term++) slots.add(dictionary.slotOf(...hashOf(term)))
  expect(slots.size).toBe(5_000)
  for (let term = 0; term < 5_000; term++) expect(slots.has(dictionary.slotOf(...hashOf(term)))).toBe(true)
  expect(slots.size).toBe(5_000)
})

test('a dictionary that is full says so', () => {
  const dictionary = createTermDictionary(16)
  expect(() => {
    for (let term = 0; term < 17; term++) dictionary.slotOf(term, term)
  }).toThrow(/full/)
})

test('a rarer term weighs more, and one that all facts hold next to nothing', () => {
  for (let holders = 2; holders <= 1_000; holders++) {
    expect(rarity(1_000, holders)).toBeLessThanOrEqual(rarity(1_000, holders - 1))
  }
  expect(rarity(1_000, 1)).toBeCloseTo(256 * Math.log2(2002 / 3), -1)
  expect(rarity(1_000, 1_000)).toBeLessThan(rarity(1_000, 900))
  expect(rarity(2, 2)).toBeGreaterThan(0)
})

test('repeats gain less and less, and a longer fact scores less', () => {
  expect(GAINS).toHaveLength(MAX_TIMES)
  for (let times = 2; times < MAX_TIMES; times++) {
    expect(GAINS[times]! - GAINS[times - 1]!).toBeLessThanOrEqual(GAINS[times - 1]! - GAINS[times - 2]!)
  }
  expect(lengthFactor(20, 100, 1_000)).toBeLessThan(lengthFactor(10, 100, 1_000))
  expect(lengthFactor(10, 100, 1_000)).toBe(1024)
})

test('a score never leaves sixteen bits', () => {
  expect(scoreOf(2 ** 32, 1_700)).toBe(MAX_SCORE)
})
