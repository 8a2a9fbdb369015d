import { expect, onTestFinished, test } from 'vitest'
import { PROFILES } from '../../src/llm/profiles.ts'
import { providerFor } from '../../src/llm/provider-for.ts'
import type { RecordedRequest } from '../support/sim-server/script.ts'
import { startSimServer } from '../support/sim-server/server.ts'
import { KEY, requestOf } from './support/world.ts'

/** What a reference sends: each known provider with the server's address in place of its own. */
async function sentBy(reference: string): Promise<RecordedRequest> {
  const server = await startSimServer({ records: true })
  onTestFinished(() => server.close())
  const names = [...Object.keys(PROFILES), 'own']
  const providers = Object.fromEntries(names.map((name) => [name, { baseUrl: server.url }]))
  const env = Object.fromEntries(
    Object.values(PROFILES).flatMap(({ keyVariable }) => (keyVariable === null ? [] : [[keyVariable, KEY]])),
  )
  const { provider, model } = providerFor(reference, { providers, env })
  if (provider.kind === 'local') expect.fail('a local provider sends nothing')
  const sampling = { temperature: 0, seed: 7 }
  const reply = await provider.ask(requestOf({ model, sampling }), AbortSignal.timeout(5_000))
  expect(reply).toMatchObject({ ok: true })
  return server.requests()[0]!
}

interface Body {
  messages: { role: string; content: string }[]
  [name: string]: unknown
}

const EXPECTED = [
  [
    'openai/gpt-5-mini',
    'gpt-5-mini',
    'max_completion_tokens',
    'json_schema',
    ['prompt_cache_key', 'seed', 'temperature'],
  ],
  ['ollama/llama3.2:3b', 'llama3.2:3b', 'max_tokens', 'json_schema', ['seed', 'temperature']],
  ['llama3.2:3b', 'llama3.2:3b', 'max_tokens', 'json_schema', ['seed', 'temperature']],
  ['ollama_cloud/gpt-oss:120b', 'gpt-oss:120b', 'max_tokens', 'json_object', ['seed', 'temperature']],
  ['glm-4.6:cloud', 'glm-4.6', 'max_tokens', 'json_object', ['seed', 'temperature']],
  [
    'openrouter/vendor/model',
    'vendor/model',
    'max_tokens',
    'json_schema',
    ['provider', 'seed', 'temperature'],
  ],
  ['opencode/some-model', 'some-model', 'max_tokens', 'json_object', ['seed', 'temperature']],
  ['kimi/k2', 'k2', 'max_tokens', 'json_object', ['seed']],
  ['own/org/model', 'org/model', 'max_tokens', 'json_schema', ['seed', 'temperature']],
] as const

test.each(EXPECTED)(
  '%s is asked as its server wants to be asked',
  async (reference, model, limit, format, others) => {
    const { method, path, body } = await sentBy(reference)
    const sent = body as Body
    expect([method, path]).toEqual(['POST', '/v1/chat/completions'])
    expect(sent).toMatchObject({ model, [limit]: 1_000, response_format: { type: format } })
    const known = ['model', 'messages', 'response_format', limit, ...others]
    expect(Object.keys(sent).sort()).toEqual(known.sort())
    const isToldSchema = sent.messages[0]!.content.includes(JSON.stringify(requestOf().schema.json))
    expect(isToldSchema).toBe(format === 'json_object')
  },
)

test.each(EXPECTED)(
  '%s sends a key only where the provider has one, and no other header of ours',
  async (reference) => {
    const { headers } = await sentBy(reference)
    const hasKey = !/^(?:ollama\/|llama|own\/)/u.test(reference)
    const { authorization, ...others } = headers
    expect(authorization).toBe(hasKey ? 'Bearer [redacted]' : undefined)
    // The rest is what HTTP itself needs.
    const transport = [
      'accept',
      'accept-encoding',
      'accept-language',
      'connection',
      'content-length',
      'content-type',
      'host',
      'sec-fetch-mode',
      'user-agent',
    ]
    expect(Object.keys(others).filter((name) => !transport.includes(name))).toEqual([])
  },
)

test('one version of a prompt has one cache key, another one has another', async () => {
  const server = await startSimServer({ records: true })
  onTestFinished(() => server.close())
  const source = { providers: { openai: { baseUrl: server.url } }, env: { OPENAI_API_KEY: KEY } }
  const { provider } = providerFor('openai/m', source)
  if (provider.kind === 'local') expect.fail('openai is not local')
  const [system, user] = requestOf().messages
  const signal = AbortSignal.timeout(5_000)
  await provider.ask(requestOf(), signal)
  await provider.ask(requestOf({ messages: [system!, { ...user!, content: 'another cluster' }] }), signal)
  await provider.ask(requestOf({ messages: [{ ...system!, content: 'a new version' }, user!] }), signal)
  const keys = server.requests().map(({ body }) => (body as Body).prompt_cache_key)
  expect(keys[0]).toBe(keys[1])
  expect(keys[2]).not.toBe(keys[0])
})
