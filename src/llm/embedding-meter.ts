/** What a request for vectors books before it leaves, and what its answer cost. */
import type { Cost } from '../../schemas/budget.ts'
import type { Usage } from '../../schemas/prompt.ts'
import { type TokenCounter, tokenCounterFor } from './count-tokens.ts'
import { costMicroUsd, priceOf, worstCaseMicroUsd } from './price.ts'
import type { OwnPrices, Price } from './prices.ts'

export interface EmbeddingMeter {
  /** null: no price is known, so no dollar budget can hold. */
  readonly price: Price | null
  readonly counterKind: TokenCounter['kind']
  /** Tokens that a text is billed for at most. */
  tokensOf(text: string): number
  worstCase(tokens: number): Cost
  actual(usage: Usage): Cost
}

/** Some models put a mark before a text and one behind it, and count them. */
const FRAME_TOKENS_PER_TEXT = 4

/** Loads the model's tokeniser, where it is known. */
export async function embeddingMeterFor(
  providerName: string,
  model: string,
  own: OwnPrices,
): Promise<EmbeddingMeter> {
  const price = priceOf(providerName, model, own)
  const counter = await tokenCounterFor(model)
  return {
    price,
    counterKind: counter.kind,
    tokensOf: (text) => FRAME_TOKENS_PER_TEXT + counter.count(text),
    worstCase: (tokens) => ({
      microUsd: price === null ? 0 : (worstCaseMicroUsd(price, tokens, 0) ?? Number.MAX_SAFE_INTEGER),
      tokens,
      calls: 1,
    }),
    actual: (usage) => ({
      microUsd: price === null ? 0 : costMicroUsd(price, usage),
      tokens: usage.promptTokens,
      calls: 1,
    }),
  }
}
