/** Who answers in each lane of a run. */
import type { Cluster } from '../../schemas/cluster.ts'
import type { Config } from '../../schemas/config.ts'
import type { SharedLimits } from '../../workers/protocol.ts'
import { FREE_METER, meterFor } from '../llm/meter.ts'
import { providerFor } from '../llm/provider-for.ts'
import type { LaneSettings, Lanes } from './lane-settings.ts'
import { openLimit } from './open-limit.ts'

export interface RunLanes {
  lanesOf(cluster: Cluster): Lanes
  /** For clusters that are asked of a model; lone ones may have lanes of their own. */
  readonly asked: Lanes
}

type Env = Readonly<Record<string, string>>

/** @throws RffError provider_unknown, provider_key_missing, config_invalid */
export async function openLanes(config: Config, env: Env, limits: SharedLimits): Promise<RunLanes> {
  const { models, run } = config
  const open = (reference: string, limit: number) => openLane(config, env, limits, reference, limit)
  const primary = await open(models.primary, run.answerLimitTokens)
  // A truncated answer gets a larger limit in its repair call.
  const repairLimit = run.answerLimitTokens * 2
  const asked: Lanes = {
    primary,
    repair:
      models.repair === undefined
        ? repairBySame(primary, repairLimit)
        : await open(models.repair, repairLimit),
    expensive:
      models.expensive === undefined ? null : await open(models.expensive, run.expensiveAnswerLimitTokens),
  }
  const lone: Lanes = { primary: await open('rules', run.answerLimitTokens), repair: null, expensive: null }
  const isForRules = (cluster: Cluster): boolean => cluster.isLone && config.expand.lone === 'rules'
  return { lanesOf: (cluster) => (isForRules(cluster) ? lone : asked), asked }
}

async function openLane(
  config: Config,
  env: Env,
  limits: SharedLimits,
  reference: string,
  answerLimitTokens: number,
): Promise<LaneSettings> {
  const { provider, model } = providerFor(reference, { providers: config.providers, env })
  const meter = provider.kind === 'local' ? FREE_METER : await meterFor(provider.name, model, config.prices)
  const shared = limits[reference]
  const limiter = shared === undefined ? null : openLimit(shared)
  return { provider, model, meter, limiter, answerLimitTokens, sampling: config.sampling }
}

/** The built-in rules would only say the same again, so they get no repair call unless another model is named. */
const repairBySame = (primary: LaneSettings, answerLimitTokens: number): LaneSettings | null =>
  primary.provider.kind === 'local' ? null : { ...primary, answerLimitTokens }
