/**
 * What the rest of a run will cost: calls, tokens and dollars lane by lane, with a 95 % interval where answers have
 * told something. Pure.
 */
import type { Config } from '../../../schemas/config.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { costEstimateSchema, laneEstimateSchema, rangeSchema } from '../../../schemas/output/cost.ts'
import type { Lane } from '../../../schemas/states.ts'
import { LANES } from '../../../schemas/states.ts'
import type { Price } from '../../llm/prices.ts'
import type { PromptEstimate } from './estimate-prompts.ts'
import type { LaneMeter, LaneMeters } from './lane-meters.ts'
import type { History, LengthSample } from './read-history.ts'

export type Range = Inferred<typeof rangeSchema>

export type LaneEstimate = Inferred<typeof laneEstimateSchema>

export type CostEstimate = Inferred<typeof costEstimateSchema>

/** Two-sided, 95 %, of the normal distribution. */
const Z = 1.96
const TOKENS_PER_PRICE = 1_000_000

interface LanePlan {
  readonly lane: Lane
  readonly meter: LaneMeter
  readonly sample: LengthSample | null
  readonly calls: number
  /** Of the number of calls itself. */
  readonly callsVariance: number
  readonly promptTokens: number
}

export function estimateCost(
  prompts: PromptEstimate,
  meters: LaneMeters,
  history: History,
  config: Config,
): CostEstimate {
  const plans = LANES.flatMap((lane) => planOf(lane, prompts, meters, history, config) ?? [])
  const lanes = plans.map(laneEstimate)
  const isPriced = lanes.every(({ microUsd }) => microUsd !== null)
  const promptTokens = plans.reduce((sum, plan) => sum + plan.promptTokens, 0)
  const answers = addRanges(lanes.map(({ answerTokens }) => answerTokens))
  const { moves } = history
  return {
    lanes,
    calls: Math.round(plans.reduce((sum, { calls }) => sum + calls, 0)),
    tokens: {
      low: answers.low + promptTokens,
      mean: answers.mean + promptTokens,
      high: answers.high + promptTokens,
    },
    microUsd: isPriced ? addRanges(lanes.map(({ microUsd }) => microUsd!)) : null,
    batchMicroUsd: isPriced ? lanes.reduce((sum, lane) => sum + lane.batchMicroUsd!, 0) : null,
    repairShare: moves && moves.repaired / moves.clusters,
    expensiveShare: moves && Math.min(moves.expensive / moves.clusters, config.structure.expensiveMaxShare),
    hours: hoursOf(plans, config),
  }
}

function planOf(
  lane: Lane,
  { calls: clusters, promptTokens: counted }: PromptEstimate,
  meters: LaneMeters,
  { lanes, moves, promptRatio }: History,
  { structure }: Config,
): LanePlan | null {
  const meter = meters[lane]
  if (meter === null) return null
  const sample = lanes[lane]
  const firstTokens = Math.round(counted * (promptRatio ?? 1))
  if (lane === 'primary')
    return { lane, meter, sample, calls: clusters, callsVariance: 0, promptTokens: firstTokens }
  const observed =
    moves === null ? 0 : (lane === 'repair' ? moves.repaired : moves.expensive) / moves.clusters
  const share = lane === 'expensive' ? Math.min(observed, structure.expensiveMaxShare) : observed
  const calls = clusters * share
  // How well the share is known, and how many of these clusters it will then be.
  const spread = share * (1 - share)
  const callsVariance = moves === null ? 0 : (clusters ** 2 * spread) / moves.clusters + clusters * spread
  const perCall = sample?.meanPromptTokens ?? (clusters === 0 ? 0 : firstTokens / clusters)
  return { lane, meter, sample, calls, callsVariance, promptTokens: Math.round(calls * perCall) }
}

function laneEstimate({ lane, meter, sample, calls, callsVariance, promptTokens }: LanePlan): LaneEstimate {
  const isFree = meter.provider === 'rules'
  const perAnswer = isFree ? 0 : (sample?.meanTokens ?? meter.answerLimitTokens)
  const perPrompt = calls === 0 ? 0 : promptTokens / calls
  const { price } = meter.meter
  const known: Price | null = isFree ? FREE_OF_CHARGE : price
  const inputRate = known === null ? 0 : inputRateOf(known, sample?.cachedShare ?? 0)
  const outputRate = known === null ? 0 : known.outputMicroUsdPerMillion / TOKENS_PER_PRICE
  // The mean is known as well as the sample allows, and the answers to come scatter around it.
  const tokenVariance = sample === null ? 0 : sample.varianceTokens * (calls ** 2 / sample.answers + calls)
  const perCallMicroUsd = perPrompt * inputRate + perAnswer * outputRate
  const answerTokens = around(calls * perAnswer, tokenVariance + callsVariance * perAnswer ** 2)
  const microUsd =
    known === null
      ? null
      : around(
          calls * perCallMicroUsd,
          tokenVariance * outputRate ** 2 + callsVariance * perCallMicroUsd ** 2,
        )
  return {
    lane,
    reference: meter.reference,
    calls: Math.round(calls),
    promptTokens,
    answerTokens,
    microUsd,
    batchMicroUsd: known && microUsd && Math.ceil((microUsd.mean * known.batchPercent) / 100),
    basis: sample === null && !isFree ? 'limit' : 'history',
    history: sample,
  }
}

const FREE_OF_CHARGE: Price = {
  inputMicroUsdPerMillion: 0,
  cachedInputMicroUsdPerMillion: 0,
  cacheWriteMicroUsdPerMillion: 0,
  outputMicroUsdPerMillion: 0,
  batchPercent: 100,
  flexPercent: 100,
  priorityPercent: 100,
  reservedPercent: 100,
}

const inputRateOf = (price: Price, cachedShare: number): number =>
  (price.inputMicroUsdPerMillion * (1 - cachedShare) + price.cachedInputMicroUsdPerMillion * cachedShare) /
  TOKENS_PER_PRICE

const around = (mean: number, variance: number): Range => {
  const margin = Z * Math.sqrt(variance)
  return {
    low: Math.max(0, Math.floor(mean - margin)),
    mean: Math.round(mean),
    high: Math.ceil(mean + margin),
  }
}

/** Lanes err alike (a longer prompt makes all of them longer), so their margins are added, not their variances. */
const addRanges = (ranges: readonly Range[]): Range =>
  ranges.reduce(
    (sum, { low, mean, high }) => ({ low: sum.low + low, mean: sum.mean + mean, high: sum.high + high }),
    { low: 0, mean: 0, high: 0 },
  )

/** Lanes of one reference stand in one queue. */
function hoursOf(plans: readonly LanePlan[], { limits }: Config): number | null {
  const used = new Map<string, { calls: number; tokens: number }>()
  for (const { meter, calls, promptTokens, sample } of plans) {
    const known = used.get(meter.reference) ?? { calls: 0, tokens: 0 }
    const answers = calls * (sample?.meanTokens ?? meter.answerLimitTokens)
    used.set(meter.reference, { calls: known.calls + calls, tokens: known.tokens + promptTokens + answers })
  }
  const minutes = [...used].flatMap(([reference, { calls, tokens }]) => {
    const { requestsPerMinute, tokensPerMinute } = limits[reference] ?? {}
    return [
      ...(requestsPerMinute === undefined ? [] : [calls / requestsPerMinute]),
      ...(tokensPerMinute === undefined ? [] : [tokens / tokensPerMinute]),
    ]
  })
  return minutes.length === 0 ? null : Math.max(...minutes) / 60
}
