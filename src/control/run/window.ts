/** Usage windows: so many tokens per so many hours, counted by the provider from times that everybody knows. */
import type { Config } from '../../../schemas/config.ts'

export interface Window {
  readonly startsAtMs: number
  /** When the next one opens. */
  readonly endsAtMs: number
  /** All that the provider gives. */
  readonly tokens: number
  /** The part of it that runs may use. */
  readonly allowedTokens: number
}

const HOUR_MS = 3_600_000

/**
 * The window that a moment lies in: windows begin at the reset time plus k · hours, for every integer k.
 *
 * A reset time without a day is that of 1970-01-01, which matters only where the hours are no part of a day.
 *
 * @returns null where no window is set
 */
export function windowAt({ tokens, hours, reset, share }: Config['window'], nowMs: number): Window | null {
  if (tokens === undefined) return null
  const anchorMs = Date.parse(reset.includes('T') ? reset : `1970-01-01T${reset}`)
  const lengthMs = hours * HOUR_MS
  const startsAtMs = anchorMs + Math.floor((nowMs - anchorMs) / lengthMs) * lengthMs
  const allowedTokens = Math.floor(tokens * share)
  return { startsAtMs, endsAtMs: startsAtMs + lengthMs, tokens, allowedTokens }
}
