/** What models cost, as data with a date. */
import type { PriceSettings } from '../../schemas/config.ts'

/** Micro-dollars per million tokens, so that a tenth of a dollar per million is a whole number. */
export interface Price {
  readonly inputMicroUsdPerMillion: number
  readonly cachedInputMicroUsdPerMillion: number
  /** For prompt tokens that the provider put into its cache. */
  readonly cacheWriteMicroUsdPerMillion: number
  readonly outputMicroUsdPerMillion: number
  /** What a batch costs of all this. */
  readonly batchPercent: number
  /** What answers of the tiers `flex` and `priority` cost of it. */
  readonly flexPercent: number
  readonly priorityPercent: number
  /** What is reserved of it before a request leaves. */
  readonly reservedPercent: number
}

/**
 * When and where the table was read. Providers change prices without notice: check them before a large run, or give
 * your own.
 */
export const PRICES_AS_OF = '2026-11'
export const PRICES_SOURCE =
  'https://developers.openai.com/api/docs/pricing, standard tier, as quoted by third parties'

/** As https://openai.com/api-priority-processing tells them, and third parties for later models. */
const DEAREST_PRIORITY_PERCENT = 250

/** From dollars per million tokens, as the price pages write them. */
const usd = (input: number, cachedInput: number, output: number, cacheWrite = input): Price => ({
  inputMicroUsdPerMillion: microUsd(input),
  cachedInputMicroUsdPerMillion: microUsd(cachedInput),
  cacheWriteMicroUsdPerMillion: microUsd(cacheWrite),
  outputMicroUsdPerMillion: microUsd(output),
  batchPercent: 50,
  flexPercent: 50,
  // The dearest of all models; most are at 170 to 200.
  priorityPercent: DEAREST_PRIORITY_PERCENT,
  // Priority is asked for by a project's settings at the provider; who does so tells it with a price of his own.
  reservedPercent: 100,
})
const microUsd = (dollars: number): number => Math.round(dollars * 1_000_000)

export const FREE: Price = usd(0, 0, 0)

/** By provider and model; where two prices were told for one model, the higher one. */
export const PRICES: Readonly<Record<string, Readonly<Record<string, Price>>>> = {
  openai: {
    'gpt-6-astra': usd(10, 1, 50, 12.5),
    'gpt-6-sol': usd(2, 0.2, 10, 2.5),
    'gpt-6-luna': usd(0.1, 0.01, 0.5, 0.125),
    'gpt-5.6-sol': usd(5, 0.5, 30),
    'gpt-5.6-terra': usd(2, 0.2, 12),
    'gpt-5.6-luna': usd(0.2, 0.02, 1.2),
    'gpt-5.5': usd(5, 0.5, 30),
    'gpt-5.4': usd(2.5, 0.25, 15),
    'gpt-5.4-mini': usd(0.75, 0.075, 4.5),
    'gpt-5.4-nano': usd(0.2, 0.02, 1.25),
    'gpt-5.2': usd(1.75, 0.175, 14),
    'gpt-5.1': usd(1.25, 0.125, 10),
    'gpt-5': usd(1.25, 0.125, 10),
    'gpt-5-mini': usd(0.25, 0.025, 2),
    'gpt-5-nano': usd(0.05, 0.005, 0.4),
    'gpt-4.1': usd(2, 0.5, 8),
    'gpt-4.1-mini': usd(0.4, 0.1, 1.6),
    'gpt-4.1-nano': usd(0.1, 0.025, 0.4),
    'gpt-4o': usd(2.5, 1.25, 10),
    'gpt-4o-mini': usd(0.15, 0.075, 0.6),
    o3: usd(2, 0.5, 8),
    'o4-mini': usd(1.1, 0.275, 4.4),
    'text-embedding-3-small': usd(0.02, 0.02, 0),
    'text-embedding-3-large': usd(0.13, 0.13, 0),
    'text-embedding-ada-002': usd(0.1, 0.1, 0),
  },
}

/** Of the settings. */
export type OwnPrices = Readonly<Record<string, PriceSettings>>

/**
 * What is not told costs as much as any prompt token, and a batch or the tier `flex` as much as any request. A priority
 * that is told is taken to be used, so it is reserved.
 */
export function ownPriceOf(own: OwnPrices, providerName: string, model: string): Price | null {
  const reference = `${providerName}/${model}`
  if (!Object.hasOwn(own, reference)) return null
  const given = own[reference]!
  const { inputUsdPerMillion: input, outputUsdPerMillion: output } = given
  const { batchPercent = 100, flexPercent = 100, priorityPercent = DEAREST_PRIORITY_PERCENT } = given
  const { cachedInputUsdPerMillion: cached = input, cacheWriteUsdPerMillion: written = input } = given
  const reservedPercent = Math.max(100, given.priorityPercent ?? 100)
  const percents = { batchPercent, flexPercent, priorityPercent, reservedPercent }
  return { ...usd(input, cached, output, written), ...percents }
}

/** Providers that send no bill for any model. */
export const FREE_PROVIDERS: readonly string[] = ['rules', 'ollama']
