/** The real provider in front of a simulated server, for one test. */
import { onTestFinished } from 'vitest'
import type { Reply, Request } from '../../../schemas/prompt.ts'
import { openaiCompatibleProvider } from '../../../src/llm/openai-compatible.ts'
import type { ProviderProfile } from '../../../src/llm/profile.ts'
import type { RemoteProvider } from '../../../src/llm/provider.ts'
import type { SimOptions } from '../../support/sim-server/script.ts'
import { type SimServer, startSimServer } from '../../support/sim-server/server.ts'

export const KEY = 'sk-test-0123456789abcdef'

export const FACTS = [
  'FACTS',
  '{"i":0,"domain":"d","text":"A cat is an animal that purrs."}',
  '{"i":1,"domain":"d","text":"Cats sleep most of the day."}',
].join('\n')

export const requestOf = (change: Partial<Request> = {}): Request => ({
  task: 'pass-c',
  lane: 'primary',
  model: 'sim-1',
  messages: [
    { role: 'system', content: 'Structure the facts.' },
    { role: 'user', content: FACTS },
  ],
  schema: { name: 'structure', json: { type: 'object', properties: {} }, digest: 'd'.repeat(64) },
  sampling: {},
  answerLimitTokens: 1_000,
  ...change,
})

export interface World {
  readonly server: SimServer
  readonly provider: RemoteProvider
  ask(request?: Request): Promise<Reply>
}

export async function setup(
  options: SimOptions = {},
  profile: Partial<ProviderProfile> = {},
  deadlineMs = 5_000,
): Promise<World> {
  const server = await startSimServer({ key: KEY, records: true, ...options })
  onTestFinished(() => server.close())
  const whole: ProviderProfile = {
    name: 'sim',
    baseUrl: server.url,
    keyVariable: 'SIM_KEY',
    structuredOutput: 'strict',
    answerLimitParameter: 'max_completion_tokens',
    rejectedParameters: [],
    takesPromptCacheKey: false,
    extraBody: {},
    ...profile,
  }
  const provider = openaiCompatibleProvider(whole, KEY)
  return {
    server,
    provider,
    ask: (request = requestOf()) => provider.ask(request, AbortSignal.timeout(deadlineMs)),
  }
}
