import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_DEPTH } from '../../../src/llm/recover/reader.ts'
import { recoverJson } from '../../../src/llm/recover/recover-json.ts'

/** What can be stored and found again: no NUL, and numbers as JSON.stringify writes them. */
const jsonValue = fc.jsonValue({ maxDepth: 6 }).filter((value) => !JSON.stringify(value).includes('\\u0000'))
const jsonObject = fc.dictionary(
  fc.string({ minLength: 1 }).filter((key) => !key.includes('\0')),
  jsonValue,
  { minKeys: 1, maxKeys: 5 },
)
const prose = fc.stringMatching(/^[A-Za-z .?!'()-]{0,40}$/)

/** By their text: a key may be named constructor, and then matchers see types that differ. */
const expectSame = (value: unknown, json: string): void =>
  expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(json)))

const recovered = (text: string): unknown => {
  const outcome = recoverJson(text)
  return outcome.ok ? outcome.value : outcome.failure
}

test('every JSON value reads as JSON.parse reads it, whatever its layout', () => {
  fc.assert(
    fc.property(jsonValue, fc.constantFrom(undefined, 1, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      expectSame(recovered(text), text)
    }),
    { numRuns: 1_000 },
  )
})

test('an object comes back from fences, prose and thinking around it', () => {
  const wraps = fc.constantFrom(
    (json: string, text: string) => `${text}\n\`\`\`json\n${json}\n\`\`\`\n${text}`,
    (json: string, text: string) => `<think>${text} {"draft": true}</think>\n${json}`,
    (json: string, text: string) => `${text}\n${json}\n\n${text}`,
    (json: string, text: string) => `\ufeff${text} ${json}`,
  )
  fc.assert(
    fc.property(jsonObject, prose, wraps, (value, text, wrap) => {
      const json = JSON.stringify(value, null, 2)
      expectSame(recovered(wrap(json, text)), json)
    }),
    { numRuns: 1_000 },
  )
})

test('an object that is cut anywhere is a failure', () => {
  fc.assert(
    fc.property(jsonObject, fc.double({ min: 0, max: 1, noNaN: true }), (value, share) => {
      const json = JSON.stringify(value)
      const cut = json.slice(0, Math.floor(share * (json.length - 1)))
      expect(recoverJson(cut).ok).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

test('any text gives an outcome, and every letter that is read stands in the text, in order', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    ',',
    ':',
    '\\',
    '\n',
    ' ',
    'a',
    'Q',
    '“',
    '”',
    '7',
    '-',
    'True',
    '```',
  ]
  const broken = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.oneof(fc.string(), broken), (text) => {
      const outcome = recoverJson(text)
      const read = outcome.ok ? JSON.stringify(outcome.value) : ''
      let at = -1
      for (const letter of read.match(/[aQ7]/g) ?? []) {
        at = text.indexOf(letter, at + 1)
        expect(at).toBeGreaterThanOrEqual(0)
      }
    }),
    { numRuns: 3_000 },
  )
})

/** Texts as facts have them: words, and quotations that a model has to escape. */
const phrase = fc
  .array(fc.constantFrom('mass', 'of a', 'body', '"field"', '" Baz "', '5"', "it's", 'été'), { maxLength: 5 })
  .map((words) => words.join(' '))
const answer = fc.record({
  concept: fc.record({ name: phrase, aliases: fc.array(phrase, { maxLength: 3 }), canonical_i: fc.nat(9) }),
  dropped: fc.array(fc.record({ i: fc.nat(9), reason: phrase }), { maxLength: 3 }),
  links: fc.array(fc.record({ name: phrase, support_i_list: fc.array(fc.nat(9)) }), { maxLength: 3 }),
})
const indent = fc.constantFrom(undefined, 2)

test('an answer that lost one mark of its syntax is read as it was meant, or refused', () => {
  fc.assert(
    fc.property(answer, indent, fc.nat(), (value, spaces, pick) => {
      const json = JSON.stringify(value, null, spaces)
      // A comma between two digits leaves valid JSON behind: nobody can tell 1,0 from 10.
      const marks = [...json.matchAll(/[{}[\]:]|(?<!\d),|,(?!\d)|(?<!\\)"/g)].map(({ index }) => index)
      const at = marks[pick % marks.length]!
      const outcome = recoverJson(json.slice(0, at) + json.slice(at + 1))
      if (outcome.ok) expectSame(outcome.value, json)
    }),
    { numRuns: 3_000 },
  )
})

test('an answer whose quotations were not escaped is read as it was meant, or refused', () => {
  let readCount = 0
  fc.assert(
    fc.property(answer, indent, (value, spaces) => {
      const json = JSON.stringify(value, null, spaces)
      const outcome = recoverJson(json.replaceAll('\\"', '"'))
      if (!outcome.ok) return
      if (json.includes('\\"')) readCount += 1
      expectSame(outcome.value, json)
    }),
    { numRuns: 3_000 },
  )
  expect(readCount).toBeGreaterThan(0)
})

test('losing one character of a mended object is noticed or changes the value', () => {
  const source = '{"name": "the "mass" of a body", "aliases": [\'m\', "kg",], "i": 3}'
  const whole = recovered(source)
  for (let at = 0; at < source.length; at += 1) {
    if (!/[A-Za-z0-9]/.test(source[at]!)) continue
    expect(recovered(source.slice(0, at) + source.slice(at + 1))).not.toEqual(whole)
  }
})

const MEGABYTE = 1_000_000
const fill = (piece: string): string => piece.repeat(Math.ceil(MEGABYTE / piece.length))

/** Quadratic time on any of these would be hours, far beyond the limit of a test. */
test.each([
  ['open brackets', fill('[')],
  ['open braces', fill('{')],
  ['nested keys', fill('{"a":')],
  ['brackets in strings', fill('["[ ')],
  ['quotation marks', `{"a":"${fill('"')}`],
  ['marks and commas', `["${fill('", "')}`],
  ['marks and white space', `{"a":"${fill('"      ')}`],
  ['keys in a string', `{"a":"${fill(`",\n"${'k'.repeat(190)}`)}`],
  ['backslashes', `{"a":"${fill('\\')}`],
  ['apostrophes', `{'a':'${fill("it's ")}`],
  ['thinking tags', fill('<think></think>')],
  ['digits', `{"a":0.${fill('0')}1}`],
  ['small objects', fill('{"a":1} ')],
  ['prose with brackets', fill('so {x} and [0,1) ')],
  ['white space', `{"a":1}${fill(' ')}x`],
])('a megabyte of %s comes to an end', (_, text) => {
  const outcome = recoverJson(text)
  if (!outcome.ok) expect(['json_invalid', 'answer_empty']).toContain(outcome.failure.code)
})

test('nesting is read down to its limit and refused below', () => {
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
  expect(recoverJson(nested(MAX_DEPTH)).ok).toBe(true)
  // Inner brackets of a list that is too deep are not an answer on their own.
  expect(recoverJson(nested(MAX_DEPTH + 1)).ok).toBe(false)
  expect(recoverJson(nested(100_000)).ok).toBe(false)
})
