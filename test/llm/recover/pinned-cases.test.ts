import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { recover } from '../../../src/llm/recover/recover-json.ts'

interface PinnedCase {
  readonly case_id: string
  readonly suite: string
  readonly input: string
  readonly value?: unknown
  readonly repairs?: readonly string[]
  readonly refused?: string
}

const cases = readFileSync(new URL('../../data/json-repair/cases.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as PinnedCase)

const outcomeOf = (input: string) => {
  const recovered = recover(input)
  if (!recovered.ok) return { refused: recovered.failure.code }
  // Through JSON, because the file cannot hold -0.
  return JSON.parse(JSON.stringify({ value: recovered.value.value, repairs: recovered.value.repairs }))
}

test.each(cases)('$case_id reads as pinned', ({ input, case_id: _id, suite: _suite, ...expected }) => {
  expect(outcomeOf(input)).toEqual(expected)
})

test('what a strict parser must accept is read unless it would lose text', () => {
  const valid = cases.filter(({ case_id }) => case_id.includes(':y_'))
  const refused = valid.filter(({ refused }) => refused !== undefined).map(({ case_id }) => case_id)
  expect(valid.length).toBeGreaterThan(40)
  expect(refused).toEqual([
    'jr:jsontestsuite:y_object_duplicated_key.json',
    'jr:jsontestsuite:y_object_duplicated_key_and_value.json',
    'jr:jsontestsuite:y_object_escaped_null_in_key.json',
    'jr:jsontestsuite:y_string_null_escape.json',
  ])
})

test('no invalid number is read', () => {
  const numbers = cases.filter(({ case_id }) => case_id.includes(':n_number_'))
  expect(numbers.length).toBeGreaterThan(40)
  expect(numbers.filter(({ refused }) => refused === undefined)).toEqual([])
})

/** Letters alone, sorted: a plain object does not keep the order of keys that look like numbers. */
const lettersOf = (text: string): string =>
  [...text.matchAll(/\p{L}/gu)].join('').toLowerCase().split('').sort().join('')

const textsIn = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return ''
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, child]) => (Array.isArray(value) ? '' : key) + textsIn(child))
    .join('')
}

/** Each escape as what it stands for; an escape of a control character stands for no letter. */
const unescaped = (text: string): string =>
  text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\([bfnrt"\\/])/g, (_, name: string) => (/[a-z]/.test(name) ? '' : name))
    .replace(/\d[eE](?=[+-]?\d)/g, '')

test('no case lost a letter: value and surroundings together have those of the input', () => {
  const read = cases.filter(
    ({ refused, repairs }) => refused === undefined && !repairs?.includes('foreign_literal'),
  )
  expect(read.length).toBeGreaterThan(150)
  for (const { case_id, input } of read) {
    const recovered = recover(input)
    if (!recovered.ok) continue
    const { value, before, after } = recovered.value
    const kept = unescaped(before) + textsIn(value) + unescaped(after)
    expect(`${case_id} ${lettersOf(kept)}`).toBe(`${case_id} ${lettersOf(unescaped(input))}`)
  }
})
