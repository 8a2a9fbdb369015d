import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../schemas/canonical-json.ts'

test('is JSON for the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      // -0 is written 0, as JSON.stringify does; both stand for one number.
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('does not depend on the order in which keys were set', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse())
      expect(canonicalJson(reversed)).toBe(canonicalJson(value))
    }),
  )
})

test('orders keys by code unit and leaves no white space', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true, B: 2, ä: 3 })).toBe(
    '{"B":2,"a":true,"b":[1,{"c":"x","d":null}],"ä":3}',
  )
})

test.each([[undefined], [Number.NaN], [{ a: undefined }], [[undefined]], [() => 1], [new Map()], [10n]])(
  'refuses what JSON would drop or change: %s',
  (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  },
)
