import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AskedTerms } from '../../../src/passes/20-x-expand/asked-terms.ts'
import {
  MAX_TERMS_PER_FACT,
  TIMES_BITS,
  TIMES_MASK,
} from '../../../src/passes/20-x-expand/neighbour-index.ts'
import { GAINS } from '../../../src/passes/20-x-expand/score.ts'
import { indexOfTexts } from '../../support/index-of-texts.ts'

const TERM_COUNT = 2_048
/** Terms of a fact; many of the numbers that stand together in the table are 256 apart. */
const heldTerms = fc
  .uniqueArray(
    fc.record({
      term: fc.oneof(
        fc.nat(TERM_COUNT - 1),
        fc.nat(TERM_COUNT / 256 - 1).map((n) => 256 * n + 255),
      ),
      repeats: fc.nat(TIMES_MASK),
    }),
    { selector: ({ term }) => term, maxLength: MAX_TERMS_PER_FACT },
  )
  .map((held) =>
    held.sort((a, b) => a.term - b.term).map(({ term, repeats }) => (term << TIMES_BITS) | repeats),
  )

test('a fact shares with the asking one the terms that both have, and no other', () => {
  const termRarity = Uint16Array.from({ length: TERM_COUNT }, (_, term) => 16 + term)
  fc.assert(
    fc.property(heldTerms, heldTerms, (a, b) => {
      const factTerms = Uint32Array.from([...a, ...b])
      const asked = new AskedTerms({ ...indexOfTexts(['heat flows']), factTerms, termRarity })
      // Whoever asked before leaves nothing behind.
      asked.ask(a.length, b.length)
      asked.ask(0, a.length)
      let expected = 0
      for (const heldA of a) {
        const heldB = b.find((held) => held >>> TIMES_BITS === heldA >>> TIMES_BITS)
        if (heldB === undefined) continue
        expected += (16 + (heldA >>> TIMES_BITS)) * ((heldA & TIMES_MASK) + 1) * GAINS[heldB & TIMES_MASK]!
      }
      expect(asked.sharedWith(a.length, b.length)).toBe(expected)
    }),
  )
})
