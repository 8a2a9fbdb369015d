import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonNode } from '../../../src/llm/recover/json-node.ts'
import { keepsDecimal } from '../../../src/llm/recover/keeps-decimal.ts'
import { keepsText } from '../../../src/llm/recover/keeps-text.ts'

const string = (value: string): JsonNode => ({ kind: 'string', value })
const object = (...entries: [string, JsonNode][]): JsonNode => ({ kind: 'object', entries })
const number = (source: string, value: number): JsonNode => ({ kind: 'number', source, value })

test('the same text passes', () => {
  const node = object(['a', string('b\n"c"')], ['d', number('1.50', 1.5)])
  expect(keepsText('{"a": "b\\n\\"c\\"", "d": 1.50}', node)).toBe(true)
})

test.each([
  ['a dropped word', '{"a": "b c"}', object(['a', string('b')])],
  ['a dropped comment', '{"a": "b" /* c */}', object(['a', string('b')])],
  ['a dropped key', '{"a": "b", "c": "d"}', object(['a', string('b')])],
  ['an invented value', '{"a": }', object(['a', { kind: 'literal', source: 'null', value: null }])],
  ['another order', '{"a": "b", "c": "d"}', object(['c', string('d')], ['a', string('b')])],
  ['another number', '{"a": 12}', object(['a', number('12', 13)])],
  ['another literal', '{"a": true}', object(['a', { kind: 'literal', source: 'true', value: false }])],
  ['a dropped escape', '{"a": "\\u00e9"}', object(['a', string('')])],
])('%s is noticed', (_, region, node) => {
  expect(keepsText(region, node)).toBe(false)
})

test('what JavaScript writes, a double keeps', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
      keepsDecimal(JSON.stringify(value), value),
    ),
  )
})

test.each(['0', '-0', '1.0', '1E5', '1e-7', '100000', '0.1', '1e21', '5e-324'])('%s is kept', (source) => {
  expect(keepsDecimal(source, Number(source))).toBe(true)
})

test.each(['9007199254740993', '0.12345678901234567890', '1e400', '1e-400', '1e99999999999999999999'])(
  '%s would lose digits',
  (source) => {
    expect(keepsDecimal(source, Number(source))).toBe(false)
  },
)
