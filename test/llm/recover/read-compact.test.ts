import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCompact } from '../../../src/llm/recover/read-compact.ts'
import { MAX_DEPTH } from '../../../src/llm/recover/reader.ts'
import { recoverJson } from '../../../src/llm/recover/recover-json.ts'

/** White space before it is nothing to JSON, and keeps a text from the short way. */
const readWithCare = (text: string): unknown => {
  const outcome = recoverJson(` ${text}`)
  return outcome.ok ? JSON.stringify(outcome.value) : outcome.failure.code
}

const spoiled = fc
  .tuple(
    fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { minKeys: 1 }),
    fc.nat(),
    fc.string({ maxLength: 2 }),
  )
  .map(([value, at, spoil]) => {
    const text = JSON.stringify(value)
    const place = at % text.length
    return text.slice(0, place) + spoil + text.slice(place + spoil.length)
  })

test('the short way reads nothing that a careful reading reads otherwise', () => {
  let shortWays = 0
  fc.assert(
    fc.property(spoiled, (text) => {
      const value = readCompact(text)
      if (value === undefined) return
      shortWays += 1
      expect(JSON.stringify(value)).toBe(readWithCare(text))
    }),
    { numRuns: 2_000 },
  )
  expect(shortWays).toBeGreaterThan(200)
})

test.each([
  ['a key that stands twice', '{"a":1,"a":2}'],
  ['digits that a double cannot hold', '{"a":12345678901234567890}'],
  ['a NUL', '{"a":"\\u0000"}'],
  ['half a character, escaped', '{"a":"\\ud800"}'],
  ['half a character, raw', `{"a":"\ud800"}`],
  ['more levels than may be', `${'{"a":'.repeat(MAX_DEPTH)}{}${'}'.repeat(MAX_DEPTH)}`],
  ['text around it', '{"a":1} so'],
])('with %s the text is read with care', (_, text) => {
  expect(readCompact(text)).toBeUndefined()
})

test('an object as JSON.stringify writes it is read the short way, down to the deepest level', () => {
  const deepest = `${'{"a":'.repeat(MAX_DEPTH - 1)}{}${'}'.repeat(MAX_DEPTH - 1)}`
  expect(JSON.stringify(readCompact(deepest))).toBe(deepest)
  expect(readWithCare(deepest)).toBe(deepest)
})
