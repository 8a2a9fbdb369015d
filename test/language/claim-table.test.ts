import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createClaimTable } from '../../src/language/claim-table.ts'

const form = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'ü', '漢字'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)
const claimLists = fc.array(fc.array(fc.tuple(form, fc.boolean()), { maxLength: 5 }), { maxLength: 60 })

test('the table tells what a map of sets would tell', () => {
  fc.assert(
    fc.property(claimLists, (lists) => {
      const table = createClaimTable()
      const claimants = new Map<string, Map<number, boolean>>()
      for (const [owner, list] of lists.entries()) {
        for (const [text, isName] of list) {
          table.claim(owner, text, isName)
          const owners = claimants.get(text) ?? new Map<number, boolean>()
          claimants.set(text, owners.set(owner, isName || owners.get(owner) === true))
        }
      }
      for (let owner = 0; owner < table.ownerCount; owner++) {
        for (const { formNo, isName } of table.claimsOf(owner)) {
          const known = claimants.get(table.formAt(formNo))!
          expect(known.get(owner)).toBe(isName)
          expect(table.claimantCount(formNo)).toBe(known.size)
          expect(table.claimantsOf(formNo).map((claim) => claim.owner)).toEqual(
            [...known.keys()].sort((x, y) => y - x),
          )
        }
      }
    }),
  )
})

test('a form costs less than a hundred bytes, its text included, however many there are', () => {
  const table = createClaimTable()
  const count = 200_000
  for (let no = 0; no < count; no++) table.claim(no, `a name of some length ${no}`, true)
  expect(table.bytes / count).toBeLessThan(100)
  expect(table.formAt(123_456)).toBe('a name of some length 123456')
})
