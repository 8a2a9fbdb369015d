/** What a response's headers say about limits and waiting. Servers in the wild send `-1`, `0`, `30,000` and nothing. */
import type { LimitSeen, LimitsSeen } from '../../schemas/prompt.ts'

/** What of the web's `Headers` is asked for: to make those takes longer than to read an answer's body. */
export interface HeaderSource {
  /** @param name in lower case */
  get(name: string): string | null
}

/** @returns undefined where no limit was told */
export function limitsSeenIn(headers: HeaderSource): LimitsSeen | undefined {
  const seen = {
    requests: limitSeenIn(headers, 'requests'),
    tokens: limitSeenIn(headers, 'tokens'),
    projectTokens: limitSeenIn(headers, 'project-tokens'),
  }
  return Object.values(seen).every((limit) => limit === null) ? undefined : seen
}

function limitSeenIn(headers: HeaderSource, unit: string): LimitSeen | null {
  const limit = count(headers.get(`x-ratelimit-limit-${unit}`))
  // A limit of nothing would stop a run for ever; it is how some servers say that there is none.
  if (limit === null || limit === 0) return null
  return {
    limit,
    remaining: count(headers.get(`x-ratelimit-remaining-${unit}`)),
    resetMs: goDurationMs(headers.get(`x-ratelimit-reset-${unit}`) ?? ''),
  }
}

function count(value: string | null): number | null {
  const digits = value?.trim().replaceAll(',', '') ?? ''
  return /^\d{1,15}(\.\d+)?$/.test(digits) ? Math.floor(Number(digits)) : null
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/**
 * `120ms`, `1.5s`, `6m0s`, `1h2m3s`: durations as Go prints them. A bare number is taken for seconds.
 *
 * @returns whole milliseconds, rounded up; null where the text is no duration
 */
export function goDurationMs(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000)
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return null
  let ms = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    ms += Number(amount) * UNIT_MS[unit!]!
  }
  return Math.ceil(ms)
}

/**
 * How long the server asks us to wait.
 *
 * @param nowMs the time that an HTTP date is compared with
 * @returns null where it does not say; never negative
 */
export function retryAfterMsIn(headers: HeaderSource, nowMs: number): number | null {
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN)
  if (Number.isFinite(exact) && exact >= 0) return Math.ceil(exact)
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000)
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs)
}
