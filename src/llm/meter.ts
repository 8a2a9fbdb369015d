/** What a request of one model books before it leaves, and what its answer cost. */
import { type Cost, NO_COST } from '../../schemas/budget.ts'
import type { Request, Usage } from '../../schemas/prompt.ts'
import { promptTokensAtMost, type TokenCounter, tokenCounterFor } from './count-tokens.ts'
import { type CostOptions, costMicroUsd, priceOf, worstCaseMicroUsd } from './price.ts'
import type { OwnPrices, Price } from './prices.ts'

export interface Meter {
  /** null: no price is known, so no dollar budget can hold. */
  readonly price: Price | null
  readonly counterKind: TokenCounter['kind']
  worstCase(request: Request, options?: CostOptions): Cost
  actual(usage: Usage, options?: CostOptions): Cost
}

/** Loads the model's tokeniser, where it is known. */
export async function meterFor(providerName: string, model: string, own: OwnPrices = {}): Promise<Meter> {
  const price = priceOf(providerName, model, own)
  const counter = remembering(await tokenCounterFor(model))
  return {
    price,
    counterKind: counter.kind,
    worstCase(request, options) {
      const promptTokens = promptTokensAtMost(request, counter)
      const microUsd =
        price === null ? 0 : worstCaseMicroUsd(price, promptTokens, request.answerLimitTokens, options)
      return {
        microUsd: microUsd ?? Number.MAX_SAFE_INTEGER,
        tokens: promptTokens + request.answerLimitTokens,
        calls: 1,
      }
    },
    actual: (usage, options) => ({
      microUsd: price === null ? 0 : costMicroUsd(price, usage, options),
      tokens: usage.promptTokens + usage.answerTokens,
      calls: 1,
    }),
  }
}

/** For providers that answer in this process. */
export const FREE_METER: Meter = {
  price: null,
  counterKind: 'exact',
  worstCase: () => NO_COST,
  actual: () => NO_COST,
}

/** The rules and the schema are the same in every request; only the facts are counted anew. */
function remembering(counter: TokenCounter): TokenCounter {
  const known = new Map<string, number>()
  return {
    kind: counter.kind,
    count(text) {
      const before = known.get(text)
      if (before !== undefined) return before
      const tokens = counter.count(text)
      if (known.size < REMEMBERED) known.set(text, tokens)
      return tokens
    },
  }
}

/** The system message and the schema come first and fill it; what else does costs a few kilobytes. */
const REMEMBERED = 16
