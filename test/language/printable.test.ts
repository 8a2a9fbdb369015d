import fc from 'fast-check'
import { expect, test } from 'vitest'
import { oneLine, printable, printableLine } from '../../src/language/printable.ts'

test('an escape sequence in a fact does not reach the terminal', () => {
  expect(printable('red \u001b[31m and gone\u0007')).toBe('red \\u{1b}[31m and gone\\u{7}')
})

test('marks that turn the direction of writing are shown as numbers', () => {
  expect(printable('abc\u202edcba')).toBe('abc\\u{202e}dcba')
})

test('half a character is shown as its number', () => {
  expect(printable('a\ud800b\udc00')).toBe('a\\u{d800}b\\u{dc00}')
})

test('letters of any script, line feeds and tabs stay as they are', () => {
  const text = 'Größe\tσ\n漢字 عربي 👩‍🔬'
  expect(printable(text)).toBe(text)
})

test('nothing printed as one line holds a control character or is longer than asked for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 60 }), (text, most) => {
      const line = oneLine(text, most)
      expect(line).not.toMatch(/\p{Cc}/u)
      expect(line.length).toBeLessThanOrEqual(most)
    }),
  )
})

test('a line feed in a value begins no line', () => {
  expect(printableLine('a\nb\tc\u001b')).toBe('a\\nb\\tc\\u{1b}')
})
