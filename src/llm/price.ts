/** What a request costs at most, and what it did cost: whole micro-dollars, rounded up. */
import type { Usage } from '../../schemas/prompt.ts'
import { FREE, FREE_PROVIDERS, type OwnPrices, ownPriceOf, PRICES, type Price } from './prices.ts'

export interface CostOptions {
  readonly isBatch?: boolean
  /** The tier that answered. A batch has a price of its own instead. */
  readonly serviceTier?: string | undefined
}

/** Above it some models have another tariff, which the table does not know. */
const MOST_PRICED_PROMPT_TOKENS = 200_000

/**
 * @returns null where no price is known: such a model cannot run under a dollar budget. A dated version of a model
 *   costs what the model costs.
 * @param own prices of the settings, by provider and model as in `openai/gpt-5-mini`; they come first
 */
export function priceOf(providerName: string, model: string, own: OwnPrices = {}): Price | null {
  const given = ownPriceOf(own, providerName, model)
  if (given !== null) return given
  if (FREE_PROVIDERS.includes(providerName)) return FREE
  const ofProvider = Object.hasOwn(PRICES, providerName) ? PRICES[providerName]! : {}
  const undated = model.replace(/-20\d\d-\d\d-\d\d$/u, '')
  const name = [model, undated].find((known) => Object.hasOwn(ofProvider, known))
  return name === undefined ? null : ofProvider[name]!
}

/**
 * What to reserve before a request leaves.
 *
 * @param promptTokensAtMost a count or a bound, never a guess below what can be billed
 * @returns null where the prompt is too long for the price to hold
 */
export function worstCaseMicroUsd(
  price: Price,
  promptTokensAtMost: number,
  answerLimitTokens: number,
  { isBatch = false }: Pick<CostOptions, 'isBatch'> = {},
): number | null {
  if (price !== FREE && promptTokensAtMost > MOST_PRICED_PROMPT_TOKENS) return null
  const dearestInput = Math.max(price.inputMicroUsdPerMillion, price.cacheWriteMicroUsdPerMillion)
  const total = promptTokensAtMost * dearestInput + answerLimitTokens * price.outputMicroUsdPerMillion
  return roundUp(total, isBatch ? price.batchPercent : price.reservedPercent)
}

/** What an answer cost. What the provider itself says that it cost is the truth. */
export function costMicroUsd(price: Price, usage: Usage, options: CostOptions = {}): number {
  if (usage.reportedMicroUsd !== undefined) return usage.reportedMicroUsd
  const cachedTokens = Math.min(usage.cachedTokens, usage.promptTokens)
  const writtenTokens = Math.min(usage.cacheWriteTokens ?? 0, usage.promptTokens - cachedTokens)
  const freshTokens = usage.promptTokens - cachedTokens - writtenTokens
  const total =
    freshTokens * price.inputMicroUsdPerMillion +
    cachedTokens * price.cachedInputMicroUsdPerMillion +
    writtenTokens * price.cacheWriteMicroUsdPerMillion +
    usage.answerTokens * price.outputMicroUsdPerMillion
  return roundUp(total, percentOf(price, options))
}

function percentOf(price: Price, { isBatch = false, serviceTier }: CostOptions): number {
  if (isBatch) return price.batchPercent
  if (serviceTier === 'flex') return price.flexPercent
  return serviceTier === 'priority' ? price.priorityPercent : 100
}

const roundUp = (microUsdTimesMillion: number, percent: number): number =>
  Math.ceil((microUsdTimesMillion * percent) / 100_000_000)
