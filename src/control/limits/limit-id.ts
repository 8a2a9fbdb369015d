import type { ProviderAndModel } from '../../llm/provider-for.ts'

/** Two processes with the same provider, model and key stand under one limit of the provider. */
export const limitIdOf = ({ provider, model, keyDigest }: ProviderAndModel): string =>
  `${provider.name}/${model} ${keyDigest ?? 'without a key'}`
