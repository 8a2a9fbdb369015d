import { expect, test } from 'vitest'
import { readBareReference } from '../../src/llm/bare-reference.ts'

const OLLAMA = 'names no provider, so it is asked of Ollama at http://127.0.0.1:11434/v1'

test.each([
  ['gpt5', 'did you mean openai/gpt-5?', true],
  ['gpt-5-mni', 'did you mean openai/gpt-5-mini?', true],
  ['llama3.2:3b', 'a model of another provider is written PROVIDER/MODEL, such as openai/llama3.2:3b', false],
])('of %s it is said where it goes and what was perhaps meant', (reference, advice, isDoubtful) => {
  expect(readBareReference(reference, {})).toEqual({
    told: `"${reference}" ${OLLAMA}; ${advice}`,
    isDoubtful,
  })
})

test('an Ollama at another address is told as it stands in the settings', () => {
  const own = { ollama: { baseUrl: 'http://10.0.0.5:11434/v1' } }
  expect(readBareReference('gemma3', own)?.told).toContain('of Ollama at http://10.0.0.5:11434/v1;')
})

test.each(['rules', 'openai/gpt5', 'glm-4.6:cloud', 'cli'])('%s names its provider', (reference) => {
  expect(readBareReference(reference, { cli: { command: ['some-model'] } })).toBeNull()
})
