import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFactOwners, roomForOwners } from '../../../src/passes/60-x-link/fact-owners.ts'

test('a fact has the owners that it was given, and nobody else has any', () => {
  const factId = fc.oneof(
    fc.constantFrom('a', 'b', 'aa', 'ab', 'ba'),
    fc.string({ unit: 'grapheme', maxLength: 5 }),
  )
  const memberships = fc.uniqueArray(fc.tuple(factId, fc.nat(6)), { maxLength: 40, selector: String })
  fc.assert(
    fc.property(memberships, factId, (pairs, other) => {
      const owners = createFactOwners(roomForOwners(pairs.length))
      for (const [id, concept] of pairs) owners.add(id, concept)
      for (const id of [...pairs.map(([known]) => known), other]) {
        const expected = pairs.filter(([known]) => known === id).map(([, concept]) => concept)
        expect([...owners.ownersOf(id)].sort()).toEqual(expected.sort())
      }
    }),
  )
})

test('its memory is known before it is filled, and stays', () => {
  const owners = createFactOwners(roomForOwners(1_000_000))
  const { bytes } = owners
  expect(bytes / 1_000_000).toBeLessThan(42)
  for (let no = 0; no < 1_000; no++) owners.add(`fact ${no}`, no)
  expect(owners.bytes).toBe(bytes)
  expect([...owners.ownersOf('fact 999')]).toEqual([999])
})
