import type { Caps } from '../../schemas/budget.ts'
import type { CommandOptions } from './command.ts'
import { decimalNumber, wholeNumber } from './read-options.ts'

/** @throws RffError usage with the range */
export function capsOf(options: CommandOptions): Caps {
  const usd = decimalNumber(options, 'maxUsd', 0, 1_000_000)
  return {
    microUsd: usd === null ? null : Math.floor(usd * 1_000_000),
    tokens: wholeNumber(options, 'maxTokens', 0, Number.MAX_SAFE_INTEGER),
    calls: wholeNumber(options, 'maxCalls', 0, Number.MAX_SAFE_INTEGER),
  }
}
