/** From a reference in the settings to something that answers. */
import { createHash } from 'node:crypto'
import type { ProviderSettings } from '../../schemas/config.ts'
import { RffError } from '../../schemas/failure.ts'
import { commandProvider } from './command.ts'
import { readKeysFile } from './keys-file.ts'
import { openaiCompatibleProvider } from './openai-compatible.ts'
import type { ProviderProfile } from './profile.ts'
import { PROFILES } from './profiles.ts'
import { KEYS_FILE_VARIABLE, programEnvironment } from './program-environment.ts'
import type { Provider } from './provider.ts'
import { type OwnProviders, parseReference } from './reference.ts'
import { rulesProvider } from './rules/provider.ts'
import { RULES_VERSION } from './rules/rules-version.ts'

export interface ProviderSource {
  /** The providers of the settings. */
  readonly providers: OwnProviders
  /** Where the key variables are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A provider with the name that it knows the model by. */
export interface ProviderAndModel {
  readonly provider: Provider
  readonly model: string
  /** Tells two keys apart without telling either: the beginning of a SHA-256; null where no key is used. */
  readonly keyDigest: string | null
}

/**
 * @throws RffError provider_unknown, provider_key_missing (with the variable's name), config_invalid
 */
export function providerFor(reference: string, { providers, env }: ProviderSource): ProviderAndModel {
  const { provider: name, model } = parseReference(reference, providers)
  if (name === 'rules') {
    return { provider: rulesProvider(), model: `rules@${RULES_VERSION}`, keyDigest: null }
  }
  const own = Object.hasOwn(providers, name) ? providers[name] : undefined
  if (own?.command !== undefined) {
    const keysFile = env[KEYS_FILE_VARIABLE]
    const keysInFile = keysFile === undefined || keysFile === '' ? [] : Object.keys(readKeysFile(keysFile))
    const seen = programEnvironment(name, providers, env, keysInFile)
    return {
      provider: commandProvider(name, { ...own, command: own.command, env: seen }),
      model,
      keyDigest: null,
    }
  }
  const profile = profileOf(name, own)
  const key = keyOf(profile, reference, env)
  return { provider: openaiCompatibleProvider(profile, key), model, keyDigest: digestOf(key) }
}

const digestOf = (key: string | null): string | null =>
  key === null ? null : createHash('sha256').update(key).digest('hex').slice(0, 12)

/**
 * A provider of the settings that is named like one of the table changes that one: a proxy before OpenAI, say.
 *
 * @throws RffError config_invalid
 */
export function profileOf(name: string, own: ProviderSettings | undefined): ProviderProfile {
  const known: Readonly<Record<string, ProviderProfile>> = PROFILES
  const base = Object.hasOwn(known, name) ? known[name] : undefined
  const baseUrl = own?.baseUrl ?? base?.baseUrl
  if (baseUrl === undefined) {
    throw new RffError('config_invalid', `providers.${name} has neither baseUrl nor command`)
  }
  return {
    name,
    baseUrl,
    keyVariable: own?.keyVariable ?? base?.keyVariable ?? null,
    structuredOutput: own?.structuredOutput ?? base?.structuredOutput ?? 'strict',
    answerLimitParameter: own?.answerLimitParameter ?? base?.answerLimitParameter ?? 'max_tokens',
    rejectedParameters: own?.rejectedParameters ?? base?.rejectedParameters ?? [],
    takesPromptCacheKey: base?.takesPromptCacheKey ?? false,
    extraBody: base?.extraBody ?? {},
    ...(base?.takesBatches === false && own?.baseUrl === undefined ? { takesBatches: false } : {}),
  }
}

function keyOf(
  { keyVariable }: ProviderProfile,
  reference: string,
  env: ProviderSource['env'],
): string | null {
  if (keyVariable === null) return null
  const key = env[keyVariable]?.trim()
  if (key === undefined || key === '') {
    throw new RffError(
      'provider_key_missing',
      `${reference} needs a key: the variable ${keyVariable} is not set`,
    )
  }
  return key
}
