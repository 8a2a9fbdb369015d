import type { Sampling } from '../../schemas/prompt.ts'
import type { Lane } from '../../schemas/states.ts'
import type { Limiter } from '../llm/limiter/limiter.ts'
import type { Meter } from '../llm/meter.ts'
import type { Provider } from '../llm/provider.ts'

/** Who answers in a lane, and how they are asked. */
export interface LaneSettings {
  readonly provider: Provider
  readonly model: string
  readonly meter: Meter
  /** null: asked without limit, since nothing leaves the process. */
  readonly limiter: Limiter | null
  /** The setting: most tokens that an answer may have; what is asked for follows use and is less. */
  readonly answerLimitTokens: number
  readonly sampling: Sampling
}

export interface Lanes {
  readonly primary: LaneSettings
  /** null: no repair call is made (the built-in rules would only say the same again). */
  readonly repair: LaneSettings | null
  readonly expensive: LaneSettings | null
}

export interface LaneQuestion {
  readonly clusterId: string
  /** Whether anything was asked about the cluster before this walk. */
  readonly wasAsked: boolean
  readonly lane: Lane
  readonly settings: LaneSettings
  /** At most that of the settings. */
  readonly answerLimitTokens: number
}
