/** Who would be asked in each lane and at what price. No key is needed for that, and nobody is connected to. */
import type { Config } from '../../../schemas/config.ts'
import type { Lane } from '../../../schemas/states.ts'
import { FREE_METER, type Meter, meterFor } from '../../llm/meter.ts'
import { parseReference } from '../../llm/reference.ts'

export interface LaneMeter {
  /** As the settings name it. */
  readonly reference: string
  readonly provider: string
  readonly model: string
  readonly meter: Meter
  readonly answerLimitTokens: number
}

/** null where a run makes no such call. */
export type LaneMeters = Readonly<Record<Lane, LaneMeter | null>> & { readonly primary: LaneMeter }

/** @throws RffError provider_unknown */
export async function laneMeters(config: Config): Promise<LaneMeters> {
  const { models, run } = config
  const primary = await meterOf(config, models.primary, run.answerLimitTokens)
  const repairReference = models.repair ?? (primary.provider === 'rules' ? null : models.primary)
  return {
    primary,
    repair:
      repairReference === null ? null : await meterOf(config, repairReference, run.answerLimitTokens * 2),
    expensive:
      models.expensive === undefined
        ? null
        : await meterOf(config, models.expensive, run.expensiveAnswerLimitTokens),
  }
}

async function meterOf(config: Config, reference: string, answerLimitTokens: number): Promise<LaneMeter> {
  const { provider, model } = parseReference(reference, config.providers)
  const meter = provider === 'rules' ? FREE_METER : await meterFor(provider, model, config.prices)
  return { reference, provider, model, meter, answerLimitTokens }
}
