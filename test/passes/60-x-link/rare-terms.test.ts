import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRareTerms, termSlotOf, termsOf } from '../../../src/passes/60-x-link/rare-terms.ts'

const LIMITS = { mostConcepts: 3, leastShared: 2, slotCount: 1 << 16 }

function pairsOf(concepts: readonly (readonly string[])[]): [number, number][] {
  const rare = createRareTerms(LIMITS)
  for (const [no, terms] of concepts.entries()) {
    for (const term of terms) rare.addAll(termSlotOf(term), [no])
  }
  return [...rare.pairs()].map(([a, b]) => [a, b])
}

test('the pairs are those that share enough terms which few concepts have', () => {
  const term = fc.constantFrom(...'alpha bravo charlie delta echo foxtrot golf hotel'.split(' '))
  const concepts = fc.array(fc.uniqueArray(term, { maxLength: 6 }), { maxLength: 9 })
  fc.assert(
    fc.property(concepts, (list) => {
      const spread = (one: string) => list.filter((terms) => terms.includes(one)).length
      const expected: [number, number][] = []
      for (let a = 0; a < list.length; a++) {
        for (let b = a + 1; b < list.length; b++) {
          const shared = list[a]!.filter(
            (one) => list[b]!.includes(one) && spread(one) <= LIMITS.mostConcepts,
          )
          if (shared.length >= LIMITS.leastShared) expected.push([a, b])
        }
      }
      expect(pairsOf(list)).toEqual(expected)
    }),
    { numRuns: 300 },
  )
})

test('terms are stems of content words, without numbers, short words and repeats', () => {
  expect(termsOf(['The regions of 1492 were regions', 'an ox in a region'])).toEqual(['region'])
})
