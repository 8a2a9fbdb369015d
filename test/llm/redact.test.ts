import { expect, test } from 'vitest'
import { redact } from '../../src/llm/redact.ts'

test('a key in use is taken out wherever it stands, also one that does not look like a key', () => {
  expect(redact('wrong: hunter2, hunter2!', ['hunter2', ''])).toBe('wrong: [redacted], [redacted]!')
})

test.each([
  'Incorrect API key provided: sk-proj-abcdefgh12345678.',
  'Incorrect API key provided: sk-abc*****************wxyz.',
  'header was Bearer abcdefghijkl',
  'sk-or-v1-0123456789abcdef failed',
])('what looks like a key is taken out: %s', (text) => {
  expect(redact(text, [])).not.toMatch(/abc|0123/)
})

test('ordinary words stay', () => {
  const text = 'The task-oriented risk-averse key-value store of a monkey is a bearer of news.'
  expect(redact(text, [])).toBe(text)
})
