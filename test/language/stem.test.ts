import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stemOf } from '../../src/language/stem.ts'

const FAMILIES = [
  ['cause', 'causes', 'caused', 'causing'],
  ['planet', 'planets'],
  ['body', 'bodies'],
  ['stop', 'stops', 'stopped', 'stopping'],
  ['gas', 'gases'],
  ['box', 'boxes'],
  ['relate', 'relates', 'related', 'relating'],
  ['leaf', 'leaves'],
]

test.each(FAMILIES)('the forms of "%s" meet in one stem', (...forms) => {
  expect(new Set(forms.map(stemOf)).size).toBe(1)
})

test.each([
  ['plane', 'plan'],
  ['positive', 'position'],
  ['rate', 'rat'],
  ['regulation', 'regulator'],
  ['bus', 'bu'],
  ['sing', 's'],
])('"%s" and "%s" stay apart', (one, other) => {
  expect(stemOf(one)).not.toBe(stemOf(other))
})

test('a stem is never empty and never longer than the word and one letter', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,12}$/u), (word) => {
      const stem = stemOf(word)
      expect(stem.length).toBeGreaterThan(0)
      expect(stem.length).toBeLessThanOrEqual(word.length + 1)
    }),
  )
})

test('words that are not of plain letters are left alone', () => {
  for (const word of ['16.4', 'c++', "don't", 'größes']) expect(stemOf(word)).toBe(word)
})
