/**
 * Shares each limit equally among the processes of this machine that use it.
 *
 * Every process renews its slices in the control file and takes 1 ÷ (living users) of what the provider allows. One that
 * dies stops renewing: its slices lapse, and the others have its share.
 */
import type { Db } from '../../../db/open.ts'
import { limitSliceQueries, type SliceHolder } from '../../../db/queries/limit-slices.ts'

export interface SharedLimit {
  readonly limitId: string
  /** @param share of the limit, in (0, 1] */
  setShare(share: number): void
}

export interface Slices {
  /** Looks who else is there, and says that we are. */
  renew(): void
  /** The others need not wait until ours lapse. */
  release(): void
}

/** Two renewals may be missed. */
const LIFE_MS = 5_000

/** @param nowMs the machine's monotonic clock, the same for all its processes */
export function shareLimits(
  control: Db,
  holder: SliceHolder,
  limits: readonly SharedLimit[],
  nowMs: () => number,
): Slices {
  const queries = limitSliceQueries(control)
  const limitIds = limits.map(({ limitId }) => limitId)
  const { machine, pid, pidStarted } = holder
  const me = { machine, pid, pidStarted }
  return {
    renew() {
      if (limits.length === 0) return
      const users = queries.renew(me, limitIds, nowMs(), LIFE_MS)
      for (const [at, limit] of limits.entries()) limit.setShare(1 / users[at]!)
    },
    release: () => queries.release(me),
  }
}
