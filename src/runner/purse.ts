/**
 * The budget of one shard in one run: a worst case is taken before a request leaves, the difference comes back after.
 *
 * The amounts live in the shard's file (grants, and attempts with what they booked); the counters here are those rows,
 * added up once. More is asked of the host, who has committed a grant before it is heard of here.
 */
import type { shardGrantQueries } from '../../db/queries/shard-grants.ts'
import { type Caps, type Cost, fits, type Grant, hasCap, minus, NO_COST, plus } from '../../schemas/budget.ts'
import type { CommitGroup } from './commit-group.ts'

export interface Purse {
  /** Waits for a grant, or for what is in flight to settle below its worst case. @returns false: nothing is left */
  reserve(worst: Cost): Promise<boolean>
  /** @param actual what is booked instead of the worst case */
  settle(worst: Cost, actual: Cost): void
  /** For what settles in hours: does not wait for anything in flight. @returns false: there is no room now */
  reserveNow(worst: Cost): Promise<boolean>
  /** Gives back what reserveNow took too much, also what another process took. */
  refund(unused: Cost): void
}

interface PurseSource {
  readonly runId: number
  readonly caps: Caps
  readonly grants: ReturnType<typeof shardGrantQueries>
  readonly commits: CommitGroup
  /** @returns null where the cap has no room for it */
  askHost(need: Cost): Promise<Grant | null>
}

const UNLIMITED: Purse = {
  reserve: () => Promise.resolve(true),
  settle: () => undefined,
  reserveNow: () => Promise.resolve(true),
  refund: () => undefined,
}

export function openPurse({ runId, caps, grants, commits, askHost }: PurseSource): Purse {
  if (!hasCap(caps)) return UNLIMITED
  const granted = grants.held(runId).reduce<Cost>(plus, NO_COST)
  let free = minus(granted, grants.booked(runId))
  let inFlight = 0
  let asking: Promise<boolean> | undefined
  let settled = newBell()

  function take(worst: Cost): boolean {
    if (!fits(worst, free, caps)) return false
    free = minus(free, worst)
    return true
  }

  function takeForFlight(worst: Cost): boolean {
    if (!take(worst)) return false
    inFlight += 1
    return true
  }

  /** One question to the host at a time; the others wait for its answer and look again. */
  function askOnce(worst: Cost): Promise<boolean> {
    asking ??= (async () => {
      try {
        const grant = await askHost(worst)
        if (grant === null) return false
        await commits.join(() => grants.take(runId, grant))
        free = plus(free, grant)
        return true
      } finally {
        asking = undefined
      }
    })()
    return asking
  }

  return {
    async reserve(worst) {
      for (;;) {
        if (takeForFlight(worst)) return true
        if (await askOnce(worst)) continue
        if (takeForFlight(worst)) return true
        if (inFlight === 0) return false
        await settled.rung
      }
    },
    settle(worst, actual) {
      free = plus(free, minus(worst, actual))
      inFlight -= 1
      settled.ring()
      settled = newBell()
    },
    async reserveNow(worst) {
      for (;;) {
        if (take(worst)) return true
        if (!(await askOnce(worst))) return take(worst)
      }
    },
    refund(unused) {
      free = plus(free, unused)
    },
  }
}

function newBell(): { rung: Promise<void>; ring: () => void } {
  let ring = (): void => undefined
  const rung = new Promise<void>((resolve) => {
    ring = resolve
  })
  return { rung, ring }
}
