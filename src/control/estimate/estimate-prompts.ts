/** How many tokens the prompts of a frontier have: counted, on a sample where counting all would take long. */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { promptEstimateSchema } from '../../../schemas/output/cost.ts'
import { structureTask } from '../../passes/30-c-structure/task.ts'
import type { LaneMeter } from './lane-meters.ts'

/** Counting takes a millisecond a prompt, so more than this many are not counted but extrapolated. */
const MOST_COUNTED = 2_000

export type PromptEstimate = Inferred<typeof promptEstimateSchema>

/** @param clusters every `stride`-th of `total` in hash order, so that the sample is even */
export function estimatePrompts(
  clusters: Iterable<Cluster>,
  calls: number,
  config: Config,
  primary: LaneMeter,
  promptText: string | null,
): PromptEstimate {
  const count = promptCounter(config, primary, promptText)
  let counted = 0
  let tokens = 0
  for (const cluster of clusters) {
    counted += 1
    tokens += count(cluster)
  }
  const promptTokens = counted === 0 ? 0 : Math.round((tokens / counted) * calls)
  const { price, counterKind } = primary.meter
  const inputMicroUsd =
    price === null ? null : Math.ceil((promptTokens * price.inputMicroUsdPerMillion) / 1_000_000)
  return { calls, promptTokens, counted, counterKind, inputMicroUsd }
}

/** @returns what the first question about a cluster takes, as a run would reserve it */
export function promptCounter(
  { structure, sampling }: Config,
  { model, meter }: LaneMeter,
  promptText: string | null,
): (cluster: Cluster) => number {
  const { relationTypes } = structure
  const task = structureTask({ relationTypes, ...(promptText === null ? {} : { promptText }) })
  return (cluster) =>
    meter.worstCase({
      task: task.name,
      lane: 'primary',
      model,
      messages: task.ask(cluster),
      schema: task.answerSchema,
      sampling,
      answerLimitTokens: 0,
    }).tokens
}

/** @returns 1 to take all; n to take every n-th */
export const strideFor = (calls: number): number => Math.max(1, Math.ceil(calls / MOST_COUNTED))
