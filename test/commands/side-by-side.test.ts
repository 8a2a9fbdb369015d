import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sideBySide, wrap } from '../../src/commands/side-by-side.ts'

test('no line is longer than it may be, and no character but space is lost', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom(...'abc d{}"'), maxLength: 40 }))
  fc.assert(
    fc.property(words, fc.integer({ min: 4, max: 50 }), (texts, width) => {
      const text = texts.join(' ')
      const lines = wrap(text, width)
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
    }),
  )
})

test('the two halves stand beside each other, whichever is longer', () => {
  expect(sideBySide('a\nb', 'c', 20)).toBe('a        │ c\nb        │')
  expect(sideBySide('a', 'c\nd', 20)).toBe('a        │ c\n         │ d')
})
