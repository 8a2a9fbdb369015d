import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPlain } from '../../../src/llm/recover/read-plain.ts'
import { MAX_DEPTH } from '../../../src/llm/recover/reader.ts'
import { recover } from '../../../src/llm/recover/recover-json.ts'

const readWithCare = (text: string): unknown => {
  const outcome = recover(text)
  return outcome.ok ? JSON.stringify(outcome.value.value) : outcome.failure.code
}

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
/** As models lay an object out: in lines, in a fence, with space around it. */
const wrapped = fc.constantFrom(
  (json: string) => json,
  (json: string) => `\`\`\`json\n${json}\n\`\`\``,
  (json: string) => `\`\`\`\n${json}\`\`\`\n`,
  (json: string) => `\`\`\`JSON \r\n${json}\r\n\`\`\``,
  (json: string) => `\`\`\`json\n${json}`,
  (json: string) => `${json}\n\`\`\``,
)
const text = fc.oneof(
  fc.string(),
  fc.constantFrom('{x}', '"', '\\', '```', '} {', '</think>', 'a  b', '\n', '\ufeff', 'é', '[1]', '\\n'),
)
const object = fc.oneof(
  fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { minKeys: 1 }),
  fc.dictionary(text, fc.oneof(text, fc.array(text), fc.nat()), { minKeys: 1 }),
)
const layout = fc.constantFrom(undefined, 1, 2, '\t', '\r\n')

const laidOut = fc
  .tuple(object, layout, wrapped, space, space)
  .map(([value, indent, wrap, before, behind]) => {
    const pretty = JSON.stringify(value, null, indent === '\r\n' ? 1 : indent)
    return before + wrap(indent === '\r\n' ? pretty.replaceAll('\n', '\r\n') : pretty) + behind
  })

const spoiled = fc
  .tuple(
    laidOut,
    fc.nat(),
    fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom('\u00a0', '\u2028', ' ', '\n', '0', '.0', 'e1')),
  )
  .map(([whole, at, spoil]) => {
    const place = at % whole.length
    return whole.slice(0, place) + spoil + whole.slice(place + spoil.length)
  })

test.each([
  ['laid out in whatever way', laidOut, 1_000],
  ['spoiled somewhere', spoiled, 200],
])('an object that is %s is never read otherwise than with care', (_, texts, least) => {
  let shortWays = 0
  fc.assert(
    fc.property(texts, (one) => {
      const value = readPlain(one)
      if (value === undefined) return
      shortWays += 1
      expect(JSON.stringify(value)).toBe(readWithCare(one))
    }),
    { numRuns: 2_000 },
  )
  expect(shortWays).toBeGreaterThan(least)
})

test.each([
  ['a key that stands twice', '{"a":1,"a":2}'],
  ['a key that stands twice, in lines', '{\n  "a": 1,\n  "a": 2\n}'],
  ['digits that a double cannot hold', '{ "a": 12345678901234567890 }'],
  ['a NUL', '{"a": "\\u0000"}'],
  ['half a character, escaped', '{"a": "\\ud800"}'],
  ['half a character, raw', `{"a": "\ud800"}`],
  ['more levels than may be', `${'{"a": '.repeat(MAX_DEPTH)}{}${'}'.repeat(MAX_DEPTH)}`],
  ['text around it', '{"a":1} so'],
  ['text around its fence', 'Here:\n```json\n{"a":1}\n```'],
  ['a fence that is not closed', '```json\n{"a": 1'],
  ['a fence of another language', '```yaml\n{"a": 1}\n```'],
  ['space that is none to JSON', '{"a":\u00a01}'],
  ['two objects', '{"a": 1}\n{"a": 2}'],
])('with %s the text is read with care', (_, one) => {
  expect(readPlain(one)).toBeUndefined()
})

test.each([
  ['in one line', (json: string) => json],
  ['in a fence', (json: string) => `\`\`\`json\n${json}\n\`\`\`\n`],
])('an object %s is read the short way, in lines or not, down to the deepest level', (_, wrap) => {
  const deepest = `${'{"a":'.repeat(MAX_DEPTH - 1)}{}${'}'.repeat(MAX_DEPTH - 1)}`
  for (const json of [deepest, JSON.stringify(JSON.parse(deepest), null, 2)]) {
    expect(JSON.stringify(readPlain(wrap(json)))).toBe(deepest)
    expect(readWithCare(wrap(json))).toBe(deepest)
  }
})

test('white space within a text is a part of it', () => {
  expect(readPlain('{ "a" : " b\\"  c\\\\" }')).toEqual({ a: ' b"  c\\' })
})
