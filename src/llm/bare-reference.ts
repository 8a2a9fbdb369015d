/** A model that was named without its provider is one of the local Ollama: what to say to who meant another one. */
import { nearest } from '../language/nearest.ts'
import { PRICES } from './prices.ts'
import { profileOf } from './provider-for.ts'
import { type OwnProviders, parseReference } from './reference.ts'

export interface BareReference {
  /** Where it goes, and how to name another place. */
  readonly told: string
  /** A model of another provider has nearly this name, so most likely that one was meant. */
  readonly isDoubtful: boolean
}

/** @returns null for a reference that names its provider */
export function readBareReference(reference: string, own: OwnProviders): BareReference | null {
  if (reference === 'rules' || reference.includes('/')) return null
  const { provider } = parseReference(reference, own)
  if (provider !== 'ollama') return null
  const meant = nearestPriced(reference)
  const { baseUrl } = profileOf(provider, own[provider])
  const advice =
    meant === undefined
      ? `a model of another provider is written PROVIDER/MODEL, such as openai/${reference}`
      : `did you mean ${meant}?`
  return {
    told: `"${reference}" names no provider, so it is asked of Ollama at ${baseUrl}; ${advice}`,
    isDoubtful: meant !== undefined,
  }
}

function nearestPriced(model: string): string | undefined {
  const references = new Map(
    Object.entries(PRICES).flatMap(([provider, models]) =>
      Object.keys(models).map((name) => [name, `${provider}/${name}`] as const),
    ),
  )
  const near = nearest(model, [...references.keys()])
  return near === undefined ? undefined : references.get(near)
}
