import { expect, test } from 'vitest'
import type { Finding } from '../../../schemas/finding.ts'
import { readFactLines } from '../../../src/language/fact-lines.ts'
import { task, tendrils } from './tendril.ts'

const finding: Finding = { code: 'relation_cycle', at: 'relations', message: 'refines goes round' }
const question = task.ask(tendrils)

test('a repair quotes the answer and what was wrong with it, after the same question', () => {
  const messages = task.repair(tendrils, '{"a": 1}', [finding])
  expect(messages.slice(0, 2)).toEqual(question)
  expect(messages[2]).toEqual({ role: 'assistant', content: '{"a": 1}' })
  expect(messages[3]!.role).toBe('user')
  expect(messages[3]!.content).toContain('- relation_cycle at relations: refines goes round')
})

test.each([
  ['answer_truncated', 'cut off because it was too long'],
  ['answer_empty', 'could not be used'],
] as const)('after %s nothing is quoted, and the facts stay last', (code, words) => {
  const messages = task.repair(tendrils, '{"concept": {"na', [{ code, at: '', message: '' }])
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user'])
  expect(messages[1]!.content).toContain(words)
  expect(messages[1]!.content).not.toContain('"concept"')
  expect(readFactLines(messages[1]!.content)).toEqual(readFactLines(question[1]!.content))
})

test('an answer far beyond any structure is not quoted', () => {
  const messages = task.repair(tendrils, 'so '.repeat(20_000), [finding])
  expect(messages).toHaveLength(2)
})

test('a long list of findings and a long message are cut, and the rest is counted', () => {
  const many = Array.from({ length: 30 }, () => ({ ...finding, message: 'x'.repeat(1_000) }))
  const content = task.repair(tendrils, '{}', many)[3]!.content
  expect(content.match(/relation_cycle/g)).toHaveLength(24)
  expect(content).toContain('and 6 more')
  expect(content.length).toBeLessThan(24 * 350 + 500)
})
