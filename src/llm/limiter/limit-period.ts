import type { LimitSeen } from '../../../schemas/prompt.ts'

/** Nobody tells what a limit's period is; these are in use. Never a second: a wrong guess would overrun. */
const PERIODS_MS = [60_000, 3_600_000, 86_400_000]

/**
 * A limit as units a minute. A bucket that lacks so much and is full again in so long tells its period; where it does
 * not tell, a minute is meant. Free tiers show requests a day under the same header.
 */
export function perMinuteOf({ limit, remaining, resetMs }: LimitSeen): number {
  const missing = limit - (remaining ?? limit)
  if (missing < 1 || resetMs === null || resetMs < 20) return limit
  const periodMs = (limit * resetMs) / missing
  const nearest = PERIODS_MS.reduce((best, period) =>
    Math.abs(Math.log(period / periodMs)) < Math.abs(Math.log(best / periodMs)) ? period : best,
  )
  return (limit * 60_000) / nearest
}

/**
 * The most that the server's bucket holds: what is left and what comes until it is full. A server that enforces a
 * limit per minute over a single second shows it here.
 */
export function sizeOf({ limit, remaining, resetMs }: LimitSeen, perMinute: number): number {
  if (remaining === null || resetMs === null) return limit
  return Math.max(1, Math.min(limit, remaining + (perMinute * resetMs) / 60_000))
}
