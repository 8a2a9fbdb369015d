/** What a program of the settings may see of the environment: all of it but the keys of others. */
import type { ProviderProfile } from './profile.ts'
import { PROFILES } from './profiles.ts'
import type { OwnProviders } from './reference.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** It would open the keys of all providers. */
export const KEYS_FILE_VARIABLE = 'RFF_KEYS_FILE'

/**
 * @param name the provider whose program it is; its own key variable stays
 * @param keysInFile names that a file of keys holds; they are for rff-shard
 */
export function programEnvironment(
  name: string,
  providers: OwnProviders,
  env: Environment,
  keysInFile: readonly string[],
): Environment {
  const known: readonly ProviderProfile[] = Object.values(PROFILES)
  const keys = [...known, ...Object.values(providers)].map(({ keyVariable }) => keyVariable)
  const withheld = new Set<string | null | undefined>([...keys, ...keysInFile, KEYS_FILE_VARIABLE])
  withheld.delete(providers[name]?.keyVariable)
  return Object.fromEntries(Object.entries(env).filter(([variable]) => !withheld.has(variable)))
}
