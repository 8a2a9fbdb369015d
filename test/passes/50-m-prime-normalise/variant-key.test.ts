import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normaliseName } from '../../../src/language/normalise-name.ts'
import { variantKey } from '../../../src/passes/50-m-prime-normalise/variant-key.ts'
import { lookAlikes } from './look-alikes.ts'

const keyOf = (name: string): string => variantKey(normaliseName(name))

test.each([
  ['neutron star', 'Neutron Stars'],
  ['behaviour of fibres', 'behavior of fiber'],
  ['non-linear equation', 'nonlinear equations'],
  ['law of conservation of energy', 'law of the conservation of energy'],
  ["Newton's second law", 'Newton’s second law'],
  ['Schrödinger equation', 'Schrodinger equation'],
  ['haemoglobin', 'hemoglobin'],
  ['polarised light', 'polarized light'],
  ['analysing instrument', 'analyzing instruments'],
  ['sulphur dioxide', 'sulfur dioxide'],
  ['travelling wave', 'traveling wave'],
  ['matrices of rotation', 'matrix of rotation'],
  ['X-ray diffraction', 'X ray diffraction'],
])('%s and %s are one name', (a, b) => {
  expect(keyOf(a)).toBe(keyOf(b))
})

test.each([
  ...lookAlikes.map(({ a, b }): [string, string] => [a, b]),
  ['hepatitis A', 'hepatitis B'],
  ['vitamin A deficiency', 'vitamin deficiency'],
  ['C*-algebra theory', 'C-algebra theory'],
  ['charge of -1 volt', 'charge of 1 volt'],
  ['x > 0 condition', 'x < 0 condition'],
  ['2,4-dinitrophenol', '2,3-dinitrophenol'],
  ['version 1.1 protocol', 'version 11 protocol'],
  ['optic science', 'optics science'],
  ['humanity', 'humanities'],
  ['black bird watching', 'blackbird watching'],
  ['パンを食べる人たち', 'バンを食べる人たち'],
])('%s and %s are two names', (a, b) => {
  expect(keyOf(a)).not.toBe(keyOf(b))
})

test('a short name is only like itself', () => {
  expect(keyOf('acids')).not.toBe(keyOf('acid'))
})

test('no key is empty unless its name is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (text) => {
      const name = normaliseName(text)
      if (name !== '') expect(variantKey(name)).not.toBe('')
    }),
  )
})
