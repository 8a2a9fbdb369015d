/** Who answers in each lane of a run. */
import type { Cluster } from '../../schemas/cluster.ts'
import type { Config } from '../../schemas/config.ts'
import type { Provider } from '../llm/provider.ts'
import { providerFor } from '../llm/provider-for.ts'
import { rulesProvider } from '../llm/rules/provider.ts'
import type { LaneSettings, Lanes } from './shard-session.ts'

export interface RunLanes {
  lanesOf(cluster: Cluster): Lanes
  /** The provider whose server is asked whether it is there. */
  readonly primary: Provider
}

/** @throws RffError provider_unknown, provider_key_missing */
export function openLanes(config: Config, env: Readonly<Record<string, string>>): RunLanes {
  const { models, run } = config
  const lane = (reference: string, answerLimitTokens: number): LaneSettings => ({
    ...providerFor(reference, { providers: config.providers, env }),
    answerLimitTokens,
    sampling: config.sampling,
  })
  const primary = lane(models.primary, run.answerLimitTokens)
  const asked: Lanes = {
    primary,
    repair: repairLane(primary, models.repair, lane, run.answerLimitTokens),
    expensive: models.expensive === undefined ? null : lane(models.expensive, run.expensiveAnswerLimitTokens),
  }
  const rules = rulesProvider()
  const lone: Lanes = {
    primary: { provider: rules, model: rules.model, answerLimitTokens: run.answerLimitTokens, sampling: {} },
    repair: null,
    expensive: null,
  }
  const isForRules = (cluster: Cluster): boolean => cluster.isLone && config.expand.lone === 'rules'
  return { lanesOf: (cluster) => (isForRules(cluster) ? lone : asked), primary: primary.provider }
}

/** The built-in rules would only say the same again, so they get no repair call unless another model is named. */
function repairLane(
  primary: LaneSettings,
  reference: string | undefined,
  lane: (reference: string, answerLimitTokens: number) => LaneSettings,
  answerLimitTokens: number,
): LaneSettings | null {
  // A truncated answer gets a larger limit in its repair call.
  if (reference !== undefined) return lane(reference, answerLimitTokens * 2)
  return primary.provider.kind === 'local' ? null : { ...primary, answerLimitTokens: answerLimitTokens * 2 }
}
