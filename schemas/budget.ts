/** Money, tokens and calls: what a run may use, what a grant holds, what a request books. Whole numbers. */
export interface Cost {
  readonly microUsd: number
  readonly tokens: number
  readonly calls: number
}

/** null: no cap of that kind. */
export interface Caps {
  readonly microUsd: number | null
  readonly tokens: number | null
  readonly calls: number | null
}

export interface Grant extends Cost {
  readonly grantId: number
}

export const NO_COST: Cost = { microUsd: 0, tokens: 0, calls: 0 }

export const hasCap = ({ microUsd, tokens, calls }: Caps): boolean =>
  microUsd !== null || tokens !== null || calls !== null

export const plus = (a: Cost, b: Cost): Cost => ({
  microUsd: a.microUsd + b.microUsd,
  tokens: a.tokens + b.tokens,
  calls: a.calls + b.calls,
})

export const minus = (a: Cost, b: Cost): Cost => ({
  microUsd: a.microUsd - b.microUsd,
  tokens: a.tokens - b.tokens,
  calls: a.calls - b.calls,
})

/** Kinds without a cap always fit. */
export const fits = (cost: Cost, free: Cost, caps: Caps): boolean =>
  (caps.microUsd === null || cost.microUsd <= free.microUsd) &&
  (caps.tokens === null || cost.tokens <= free.tokens) &&
  (caps.calls === null || cost.calls <= free.calls)
