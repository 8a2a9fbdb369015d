import type { ProviderProfile } from './profile.ts'

/**
 * The servers that are known by name, as docs/decisions/0060-compatible-servers.md tells where each line comes from.
 *
 * A model that differs from its server is learned when it refuses a parameter; see learnFromRejection.
 */
export const PROFILES = {
  openai: {
    name: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    keyVariable: 'OPENAI_API_KEY',
    structuredOutput: 'strict',
    answerLimitParameter: 'max_completion_tokens',
    rejectedParameters: [],
    takesPromptCacheKey: true,
    extraBody: {},
  },
  // It keeps a schema, but ignores max_completion_tokens and then answers without end.
  ollama: {
    name: 'ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    keyVariable: null,
    structuredOutput: 'strict',
    answerLimitParameter: 'max_tokens',
    rejectedParameters: ['max_completion_tokens'],
    takesPromptCacheKey: false,
    extraBody: {},
    takesBatches: false,
  },
  // It accepts a schema and ignores it, so the schema goes into the prompt.
  ollama_cloud: {
    name: 'ollama_cloud',
    baseUrl: 'https://ollama.com/v1',
    keyVariable: 'OLLAMA_API_KEY',
    structuredOutput: 'json',
    answerLimitParameter: 'max_tokens',
    rejectedParameters: ['max_completion_tokens'],
    takesPromptCacheKey: false,
    extraBody: {},
    takesBatches: false,
  },
  // Without require_parameters it routes to servers that drop the schema without a word.
  openrouter: {
    name: 'openrouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    keyVariable: 'OPENROUTER_API_KEY',
    structuredOutput: 'strict',
    answerLimitParameter: 'max_tokens',
    rejectedParameters: [],
    takesPromptCacheKey: false,
    extraBody: { provider: { require_parameters: true } },
    takesBatches: false,
  },
  opencode: {
    name: 'opencode',
    baseUrl: 'https://opencode.ai/zen/v1',
    keyVariable: 'OPENCODE_API_KEY',
    structuredOutput: 'json',
    answerLimitParameter: 'max_tokens',
    rejectedParameters: [],
    takesPromptCacheKey: false,
    extraBody: {},
    takesBatches: false,
  },
  // Its temperature is fixed: any other one is refused.
  kimi: {
    name: 'kimi',
    baseUrl: 'https://api.moonshot.ai/v1',
    keyVariable: 'MOONSHOT_API_KEY',
    structuredOutput: 'json',
    answerLimitParameter: 'max_tokens',
    rejectedParameters: ['temperature'],
    takesPromptCacheKey: false,
    extraBody: {},
  },
} as const satisfies Record<string, ProviderProfile>
