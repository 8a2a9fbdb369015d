import { expect, test } from 'vitest'
import { profileOf, providerFor } from '../../src/llm/provider-for.ts'
import { parseReference } from '../../src/llm/reference.ts'

const OWN = {
  vllm: { baseUrl: 'http://10.0.0.5:8000/v1', structuredOutput: 'strict' as const },
  cli: { command: ['some-model', '--print'] },
  openai: { baseUrl: 'http://127.0.0.1:9999/v1' },
  empty: {},
}

test.each([
  ['rules', 'rules', ''],
  ['openai/gpt-5-mini', 'openai', 'gpt-5-mini'],
  ['ollama/llama3.2:3b', 'ollama', 'llama3.2:3b'],
  ['ollama/hf.co/vendor/model', 'ollama', 'hf.co/vendor/model'],
  ['llama3.2:3b', 'ollama', 'llama3.2:3b'],
  ['ollama_cloud/gpt-oss:120b', 'ollama_cloud', 'gpt-oss:120b'],
  ['glm-4.6:cloud', 'ollama_cloud', 'glm-4.6'],
  ['openrouter/vendor/model:free', 'openrouter', 'vendor/model:free'],
  ['opencode/some-model', 'opencode', 'some-model'],
  ['kimi/k2', 'kimi', 'k2'],
  ['vllm/org/model', 'vllm', 'org/model'],
  ['cli', 'cli', ''],
  ['cli/fast', 'cli', 'fast'],
])('%s is a model of one provider', (reference, provider, model) => {
  expect(parseReference(reference, OWN)).toEqual({ provider, model })
})

test.each([
  ['opnai/gpt-5-mini', 'did you mean openai/gpt-5-mini?'],
  ['zzzzzzzz/m', 'known are rules, openai,'],
  ['openai', 'openai/MODEL'],
  ['vllm', 'vllm/MODEL'],
  ['openai/', 'openai/MODEL'],
  ['openrouter/model', 'openrouter/VENDOR/MODEL'],
  ['toString/m', 'names no known provider'],
  ['', 'names no model'],
])('"%s" is refused, and the message says what was meant', (reference, words) => {
  expect(() => parseReference(reference, OWN)).toThrow(
    expect.objectContaining({ code: 'provider_unknown', message: expect.stringContaining(words) }),
  )
})

test('a missing or empty key is refused with the name of its variable', () => {
  for (const env of [{}, { OPENROUTER_API_KEY: ' ' }]) {
    expect(() => providerFor('openrouter/v/m', { providers: {}, env })).toThrow(
      expect.objectContaining({
        code: 'provider_key_missing',
        message: expect.stringContaining('OPENROUTER_API_KEY'),
      }),
    )
  }
})

test('a provider that needs no key is there without one', () => {
  const { provider, model } = providerFor('llama3.2:3b', { providers: {}, env: {} })
  expect(provider).toMatchObject({ kind: 'remote', name: 'ollama' })
  expect(model).toBe('llama3.2:3b')
})

test('the built-in provider is asked by its version', () => {
  const { provider, model } = providerFor('rules', { providers: {}, env: {} })
  expect(provider.kind).toBe('local')
  expect(model).toMatch(/^rules@\d+$/)
})

test('settings for a known provider change only what they name', () => {
  expect(profileOf('openai', OWN.openai)).toMatchObject({
    baseUrl: 'http://127.0.0.1:9999/v1',
    keyVariable: 'OPENAI_API_KEY',
    answerLimitParameter: 'max_completion_tokens',
  })
})

test('a provider with neither address nor program is a fault of the settings', () => {
  expect(() => profileOf('empty', OWN.empty)).toThrow(expect.objectContaining({ code: 'config_invalid' }))
})
