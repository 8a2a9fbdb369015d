import { expect, test } from 'vitest'
import { recover, recoverJson } from '../../../src/llm/recover/recover-json.ts'

const readOf = (text: string): unknown => {
  const recovered = recoverJson(text)
  return recovered.ok ? recovered.value : recovered.failure.code
}

const repairsOf = (text: string): unknown => {
  const recovered = recover(text)
  return recovered.ok ? recovered.value.repairs : recovered.failure.message
}

test.each(['', ' \n\t', '<think>Let me see.</think>\n'])('%j is an empty answer', (text) => {
  expect(readOf(text)).toBe('answer_empty')
})

test('text around the object comes back beside the value', () => {
  const recovered = recover('Here it is:\n```json\n{"a": 1}\n```\nAnything else?')
  expect(recovered).toEqual({
    ok: true,
    value: { value: { a: 1 }, before: 'Here it is:\n```json\n', after: '\n```\nAnything else?', repairs: [] },
  })
})

test('a draft in the thinking is not taken for the answer', () => {
  expect(readOf('<think>Maybe {"a": 1}? No.</think>{"a": 2}')).toEqual({ a: 2 })
})

test('a closing tag without its opening one ends the thinking too', () => {
  expect(readOf('Maybe {"a": 1}?\n</think>\n{"a": 2}')).toEqual({ a: 2 })
})

test('a closing tag inside a string is text', () => {
  expect(readOf('{"a": "it ends with </think>"}')).toEqual({ a: 'it ends with </think>' })
})

test('thinking that never ends has no answer behind it', () => {
  expect(readOf('<think>Maybe {"a": 1}')).toBe('json_invalid')
})

test('brackets of prose are passed over', () => {
  expect(readOf('By [1], the interval [0, 2] and the set {a, b} give: {"a": 1}')).toEqual({ a: 1 })
})

test('two objects that differ are refused, the same one twice is one', () => {
  expect(readOf('{"a": 1} or rather {"a": 2}')).toBe('json_invalid')
  expect(readOf('{"a": 1}. Once more: {"a": 1}')).toEqual({ a: 1 })
})

test.each([
  ['{"a": 1}, "b": 2}', 'the object closed too early'],
  ['"a": {"b": 1}}', 'the outer object lost its head'],
  ['[{"a": 1}', 'the list is not closed'],
  ['{a: some words, b: {"c": 1}}', 'the outer object cannot be read'],
  ['{"a": "the set {x, y"} more"}', 'the string goes on behind the bracket'],
  ['{"a": {"b": 1}}, "c": {"d": 2}}', 'the second half would be lost'],
])('%s is refused: %s', (text) => {
  expect(readOf(text)).toBe('json_invalid')
})

test('an object that cannot be read is not passed over for the next one', () => {
  expect(readOf('{"a": two words} then {"b": 1}')).toBe('json_invalid')
})

test('a bracket too many at the end costs nothing', () => {
  expect(readOf('{"a": 1}}\n```')).toEqual({ a: 1 })
})

test.each(['{"a": 1', '{"a": "b', '{"a": [1, 2', '{"a":', '{"a"', '{', '{"a": {"b": 1}'])(
  '%s is cut off and refused',
  (text) => {
    expect(readOf(text)).toBe('json_invalid')
  },
)

test.each([
  ['{"a": }', 'a missing value'],
  ['{"a": undefined}', 'a name for no value'],
  ['{"a": NaN}', 'a name for no number'],
  ['{"a": tru}', 'a literal cut short'],
  ['{"a": 1, /* why */ "b": 2}', 'a comment'],
  ['{"a": [1, ...]}', 'an ellipsis'],
  ['{"a": 1, "a": 2}', 'a key that stands twice'],
  ['{"a": 12345678901234567890}', 'more digits than a double holds'],
  ['{"a": 1e400}', 'a number beyond the doubles'],
  ['{"a": .5}', 'a number that JSON does not know'],
  ['{"a": 007}', 'leading zeros'],
  ['{"a": "\\u0000"}', 'NUL'],
  ['{"a": "\\ud800"}', 'half a character'],
  ['{"a": "\\u12"}', 'a broken escape'],
  ['{"a": two words}', 'bare words'],
])('%s is refused: %s', (text) => {
  expect(readOf(text)).toBe('json_invalid')
})

test.each([
  ['[1, 2,]', [1, 2], 'trailing_comma'],
  ['{"a": 1,}', { a: 1 }, 'trailing_comma'],
  ['{"a": "x"\n "b": "y"}', { a: 'x', b: 'y' }, 'missing_comma'],
  ['{"a": 1 "b": 2}', { a: 1, b: 2 }, 'missing_comma'],
  ['[{"a": 1} {"a": 2}]', [{ a: 1 }, { a: 2 }], 'missing_comma'],
  ['{"a": "x\ny"}', { a: 'x\ny' }, 'raw_control'],
  ['{"a": "\\alpha"}', { a: '\\alpha' }, 'odd_escape'],
  ['{"a": "it\\\'s"}', { a: "it's" }, 'odd_escape'],
  ["{'a': 'it's fine'}", { a: "it's fine" }, 'single_quotes'],
  ['{“a”: “b”}', { a: 'b' }, 'typographic_quotes'],
  ['{a: 1}', { a: 1 }, 'bare_key'],
  ['{"a": refines}', { a: 'refines' }, 'bare_word'],
  ['{"a": None}', { a: null }, 'foreign_literal'],
  ['{"a": "the "mass" of it"}', { a: 'the "mass" of it' }, 'stray_quote'],
  ['{"a": "called "mass""}', { a: 'called "mass"' }, 'stray_quote'],
  ['{"a": ""Mass" is a word", "b": 1}', { a: '"Mass" is a word', b: 1 }, 'stray_quote'],
  ['{"a": "Mark " Baz " Luhrmann", "b": 1}', { a: 'Mark " Baz " Luhrmann', b: 1 }, 'stray_quote'],
  ['{"o": {"a": "the set {"x"} is", "b": 1}}', { o: { a: 'the set {"x"} is', b: 1 } }, 'stray_quote'],
  ['{"a": "he "said", note: so"}', { a: 'he "said", note: so' }, 'stray_quote'],
  ['{"a": "a 5" pipe", "b": "a 6" pipe"}', { a: 'a 5" pipe', b: 'a 6" pipe' }, 'stray_quote'],
])('%s is mended', (text, value, repair) => {
  expect(readOf(text)).toEqual(value)
  expect(repairsOf(text)).toContain(repair)
})

test.each([
  '["a" "b"]',
  '["hello,"world"]',
  '{"a": "b,"c": "d"}',
  '{"a": "one" "b": "two"}',
  '{"a": "b /* x */ "c" d", 5: "e"}',
  '{"a": "one." "b": "two."}',
  '{"a": "one." // two\n "(b)": "three."}',
  '["one." "(two)" "three."]',
  '{"a": "see ("b ") there"}',
  '{"a": "v"alue"}',
  '["value", /* comment */ "value2"]',
])('%s has two readings and is refused', (text) => {
  expect(readOf(text)).toBe('json_invalid')
})

test('strict JSON is read as such, also where its strings look like syntax', () => {
  const value = { 'a "key": of this sort': 'x", "b": {', '": ': ['", ', `${'k'.repeat(500)}"`] }
  expect(readOf(JSON.stringify(value))).toEqual(value)
})

test('a key named __proto__ is a key like any other', () => {
  const value = readOf('{"__proto__": {"a": 1}}') as object
  expect(Object.keys(value)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
})
