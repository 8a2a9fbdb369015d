/** The limits of the models of a run: one for each (provider, model, key), shared by all threads and processes. */
import { openLimitWords } from '../../../db/queries/limit-words.ts'
import type { Config } from '../../../schemas/config.ts'
import type { SharedLimit, SharedLimits } from '../../../workers/protocol.ts'
import { machineClock } from '../../llm/limiter/clock.ts'
import { type KnownLimits, wordsToBeginWith } from '../../llm/limiter/limit-words.ts'
import { Places, placesWords } from '../../llm/limiter/places.ts'
import { type ProviderAndModel, providerFor } from '../../llm/provider-for.ts'

export interface OpenLimits {
  readonly limits: SharedLimits
  /** The most requests in flight over all threads of this process, of each model. */
  setMostInFlight(most: number): void
}

type Env = Readonly<Record<string, string | undefined>>

/**
 * @param file of the workspace; made where it is missing
 * @throws RffError provider_unknown, provider_key_missing, config_invalid
 */
export const openLimits = (file: string, config: Config, env: Env, threadCount: number): OpenLimits =>
  openLimitsOf([config.models.primary, config.models.repair, config.models.expensive].filter(isAsked), {
    file,
    config,
    env,
    threadCount,
  })

interface LimitsPlace {
  readonly file: string
  readonly config: Config
  readonly env: Env
  readonly threadCount: number
}

/** As `openLimits`, for models that are no lane of a run. */
export function openLimitsOf(
  references: readonly string[],
  { file, config, env, threadCount }: LimitsPlace,
): OpenLimits {
  const { providers, run } = config
  const asked = [...new Set(references)].map((reference) => ({
    reference,
    limitId: limitIdOf(providerFor(reference, { providers, env })),
  }))
  const limits: Record<string, SharedLimit> = {}
  // The built-in rules ask nobody, and leave no file.
  const words = asked.length === 0 ? null : openLimitWords(file)
  for (const { reference, limitId } of asked) {
    const known = knownLimits(config, reference)
    words?.begin(limitId, (before) => wordsToBeginWith(before, known, machineClock.nowNs()))
    limits[reference] = { file, limitId, places: placesWords(run.inFlight * threadCount) }
  }
  words?.close()
  return {
    limits,
    setMostInFlight(most) {
      for (const { places } of Object.values(limits)) new Places(places).setCeiling(most)
    },
  }
}

const isAsked = (reference: string | undefined): reference is string =>
  reference !== undefined && reference !== 'rules'

/** Two processes with the same provider, model and key stand under one limit of the provider. */
const limitIdOf = ({ provider, model, keyDigest }: ProviderAndModel): string =>
  `${provider.name}/${model} ${keyDigest ?? 'without a key'}`

function knownLimits({ limits, run }: Config, reference: string): KnownLimits {
  const { requestsPerMinute = null, tokensPerMinute = null } = limits[reference] ?? {}
  const circuit = { failures: run.circuitFailures, openMs: run.circuitOpenMs }
  return { requestsPerMinute, tokensPerMinute, circuit }
}
