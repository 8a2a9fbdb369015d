import type { Caps } from '../../schemas/budget.ts'

export interface CapsRequest {
  readonly maxUsd?: number
  readonly maxTokens?: number
  readonly maxCalls?: number
}

/** No cap of a kind that is not given. */
export const capsOf = ({ maxUsd, maxTokens, maxCalls }: CapsRequest): Caps => ({
  microUsd: maxUsd === undefined ? null : Math.floor(maxUsd * 1_000_000),
  tokens: maxTokens ?? null,
  calls: maxCalls ?? null,
})
