import { expect, test } from 'vitest'
import { wordsOf } from '../../../src/language/words.ts'
import { opposes } from '../../../src/passes/50-m-prime-normalise/opposes.ts'

const opposed = (a: string, b: string): boolean => opposes(wordsOf(a), wordsOf(b))

test.each([
  ['positive regulation', 'negative regulation'],
  ['spiny dendrite', 'aspiny dendrite'],
  ['endogamy', 'exogamy'],
  ['export of goods', 'import of goods'],
  ['type I error', 'type II error'],
  ['version 30', 'version 31'],
  ['known function', 'unknown function'],
  ['flight with fuel', 'flight without fuel'],
])('%s and %s are opposed, whichever comes first', (a, b) => {
  expect(opposed(a, b)).toBe(true)
  expect(opposed(b, a)).toBe(true)
})

test.each([
  ['black hole', 'black holes'],
  ['deoxyribonucleic acid', 'dna'],
  ['interest', 'exterior'],
  ['nearsightedness', 'myopia'],
  ['second law', 'second law of motion'],
  ['vitamin', 'vitamin 12'],
])('%s and %s are not', (a, b) => {
  expect(opposed(a, b)).toBe(false)
  expect(opposed(b, a)).toBe(false)
})
