/** What a provider reference such as `openai/gpt-5-mini` names. */
import type { ProviderSettings } from '../../schemas/config.ts'
import { RffError } from '../../schemas/failure.ts'
import { nearest } from '../language/nearest.ts'
import { PROFILES } from './profiles.ts'

export type OwnProviders = Readonly<Record<string, ProviderSettings>>

export interface Reference {
  /** `rules`, a name of the table, or a name from the settings. */
  readonly provider: string
  /** As the provider knows it; the empty string for `rules` and for a program of one's own that needs none. */
  readonly model: string
}

/**
 * `rules` · `openai/<m>` · `ollama/<m>` · bare `<m>` (a local Ollama) · `ollama_cloud/<m>` · `<m>:cloud` ·
 * `openrouter/<vendor>/<m>` · `opencode/<m>` · `kimi/<m>` · `<name of your own>/<m>` · a program's name alone
 *
 * @throws RffError provider_unknown, with the nearest known name
 */
export function parseReference(reference: string, own: OwnProviders): Reference {
  if (reference === 'rules') return { provider: 'rules', model: '' }
  const slash = reference.indexOf('/')
  return slash < 0 ? parseBare(reference, own) : parseNamed(reference, slash, own)
}

function parseBare(reference: string, own: OwnProviders): Reference {
  if (own[reference]?.command !== undefined) return { provider: reference, model: '' }
  if (reference === '' || isKnown(reference, own)) {
    throw new RffError('provider_unknown', `"${reference}" names no model; write it as ${reference}/MODEL`)
  }
  if (reference.endsWith(':cloud')) {
    return { provider: 'ollama_cloud', model: reference.slice(0, -':cloud'.length) }
  }
  return { provider: 'ollama', model: reference }
}

function parseNamed(reference: string, slash: number, own: OwnProviders): Reference {
  const provider = reference.slice(0, slash)
  const model = reference.slice(slash + 1)
  if (!isKnown(provider, own)) {
    const known = ['rules', ...Object.keys(PROFILES), ...Object.keys(own)]
    const near = nearest(provider, known)
    const meant = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}/${model}?`
    throw new RffError('provider_unknown', `"${reference}" names no known provider; ${meant}`)
  }
  if (model === '') {
    throw new RffError('provider_unknown', `"${reference}" names no model; write it as ${provider}/MODEL`)
  }
  if (provider === 'openrouter' && !/^[^/]+\/.+/u.test(model)) {
    throw new RffError('provider_unknown', `"${reference}" needs a vendor: openrouter/VENDOR/MODEL`)
  }
  return { provider, model }
}

const isKnown = (name: string, own: OwnProviders): boolean =>
  Object.hasOwn(own, name) || Object.hasOwn(PROFILES, name)
