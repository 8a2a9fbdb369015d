import type OpenAI from 'openai'
import type { ProviderProfile } from './profile.ts'

/** The package's client, and the class by which its errors are told. */
export interface Connection {
  readonly client: OpenAI
  readonly APIError: typeof OpenAI.APIError
}

/** The package is loaded when a batch first needs it: other runs never do. */
export async function openConnection(profile: ProviderProfile, key: string | null): Promise<Connection> {
  const [{ OpenAI, APIError }, { plainFetch }] = await Promise.all([
    import('openai'),
    import('./plain-fetch.ts'),
  ])
  const client = new OpenAI({
    baseURL: profile.baseUrl,
    apiKey: key ?? 'none',
    maxRetries: 0,
    // As long as a timer can be: the caller's signal is what counts.
    timeout: 2 ** 31 - 1,
    fetch: plainFetch(key),
    // What the package would otherwise read from the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
  })
  return { client, APIError }
}
