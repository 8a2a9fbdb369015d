import type { ProviderProfile } from './profile.ts'

/** What may be left out of a request without changing what is asked. */
const OPTIONAL_PARAMETERS = new Set([
  'temperature',
  'top_p',
  'seed',
  'reasoning_effort',
  'prompt_cache_key',
  'provider',
  'encoding_format',
])

const WEAKER = { strict: 'json', json: 'none', none: null } as const

/**
 * The profile after a server has refused a parameter.
 *
 * The answer limit is never left out, for a budget stands on it: the other name for it is tried instead.
 *
 * @param parameter as the server named it, such as `response_format.json_schema`
 * @returns null where nothing is left to change: the request cannot be served
 */
export function learnFromRejection(profile: ProviderProfile, parameter: string): ProviderProfile | null {
  const name = parameter.split(/[.[]/u, 1)[0]!
  if (profile.rejectedParameters.includes(name)) return null
  const rejectedParameters = [...profile.rejectedParameters, name]
  if (name === profile.answerLimitParameter) {
    const other = name === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens'
    if (profile.rejectedParameters.includes(other)) return null
    return { ...profile, answerLimitParameter: other, rejectedParameters }
  }
  if (name === 'response_format') {
    const structuredOutput = WEAKER[profile.structuredOutput]
    return structuredOutput === null ? null : { ...profile, structuredOutput }
  }
  return OPTIONAL_PARAMETERS.has(name) ? { ...profile, rejectedParameters } : null
}
