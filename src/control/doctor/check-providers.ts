/** The providers that the settings name: whether they could be asked. Nobody is. */
import type { Config, ProviderSettings } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import { priceOf } from '../../llm/price.ts'
import { profileOf } from '../../llm/provider-for.ts'
import { parseReference } from '../../llm/reference.ts'
import { type Check, checkOf } from './check.ts'

const check = checkOf('provider')

type Env = Readonly<Record<string, string>>

/** Every model of the settings once, then the providers of the settings that no model uses. */
export function checkProviders(config: Config, env: Env): Check[] {
  const references = referencesOf(config)
  const used = new Set<string>()
  const checks = references.map((reference) => {
    try {
      const { provider, model } = parseReference(reference, config.providers)
      used.add(provider)
      return checkModel(config, env, reference, provider, model)
    } catch (cause) {
      return asCheck(reference, cause)
    }
  })
  const others = Object.entries(config.providers).filter(([name]) => !used.has(name))
  return [...checks, ...others.map(([name, own]) => checkOwn(name, own, env))]
}

/** In the order of the settings, each once. */
export const referencesOf = ({ models }: Config): string[] => [
  ...new Set(Object.values(models).filter((reference) => reference !== undefined)),
]

function checkModel(config: Config, env: Env, reference: string, provider: string, model: string): Check {
  if (provider === 'rules') return check('ok', reference, 'built in: no network, no cost')
  const own = Object.hasOwn(config.providers, provider) ? config.providers[provider] : undefined
  const reachable = checkOwn(provider, own, env)
  if (reachable.state === 'fail') return { ...reachable, name: reference }
  const isPriced = priceOf(provider, model, config.prices) !== null
  const price = isPriced ? 'its price is known' : 'no price is known, so --max-usd cannot hold'
  return check(isPriced ? reachable.state : 'warn', reference, `${reachable.found}; ${price}`)
}

function checkOwn(name: string, own: ProviderSettings | undefined, env: Env): Check {
  if (own?.command !== undefined) return check('ok', name, `the program ${own.command[0]}`)
  try {
    const { baseUrl, keyVariable, structuredOutput, answerLimitParameter } = profileOf(name, own)
    const ways = `${baseUrl}, structure: ${structuredOutput}, limit: ${answerLimitParameter}`
    if (keyVariable === null) return check('ok', name, `${ways}, no key`)
    const hasKey = (env[keyVariable] ?? '').trim() !== ''
    return hasKey
      ? check('ok', name, `${ways}, the key is in ${keyVariable}`)
      : check('fail', name, `${ways}; the variable ${keyVariable} is not set`)
  } catch (cause) {
    return asCheck(name, cause)
  }
}

function asCheck(name: string, cause: unknown): Check {
  if (!(cause instanceof RffError)) throw cause
  return check('fail', name, `${cause.code}: ${cause.message}`)
}
