/**
 * Decides by watching whether a holder is dead that this machine cannot see to be.
 *
 * Its heartbeat is read twice and more; the time in between is the observer's own and monotonic, so no two clocks are
 * ever compared. A living holder moves within a second or two, so whoever is refused is refused soon.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../db/open.ts'
import type { LeaseRow } from '../../db/queries/leases.ts'
import { type BeatenBy, type HeldLease, type Lease, lockHeld, takeOverStill, tryLease } from './lease.ts'
import { machineName } from './this-process.ts'

const LOOK_EVERY_MS = 200

export interface WatchOptions {
  /** How long a heartbeat must stand still before its holder loses the lease. */
  readonly leaseMs: number
  readonly beatenBy?: BeatenBy
  readonly signal?: AbortSignal | undefined
  readonly nowMs: () => number
}

/** @returns the lease once it is free or its holder is taken for dead; who holds it as soon as that one moves */
export async function watchLease(
  control: Db,
  scope: string,
  { leaseMs, beatenBy = 'host', signal, nowMs }: WatchOptions,
): Promise<Lease | HeldLease> {
  let found = tryLease(control, scope, nowMs(), beatenBy)
  if ('epoch' in found || !canBeTakenStill(found.seen)) return found
  const first = found.seen
  let stillMs = 0
  let lookedAtMs = performance.now()
  while (stillMs < leaseMs) {
    if (signal?.aborted) return found
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    // An observer that was itself asleep has seen nothing in that time.
    stillMs += Math.min(performance.now() - lookedAtMs, 2 * LOOK_EVERY_MS)
    lookedAtMs = performance.now()
    found = tryLease(control, scope, nowMs(), beatenBy)
    if ('epoch' in found) return found
    if (found.seen.epoch !== first.epoch || found.seen.heartbeat !== first.heartbeat) return found
  }
  return takeOverStill(control, first, nowMs(), beatenBy)
}

/**
 * Claims a scope whose holder is dead, also on a machine that is gone.
 *
 * @throws RffError lock_held with the holder
 */
export async function claimWatched(control: Db, scope: string, options: WatchOptions): Promise<Lease> {
  const claimed = await watchLease(control, scope, options)
  if ('epoch' in claimed) return claimed
  throw lockHeld(scope, claimed.heldBy)
}

/**
 * On this machine only a worker's heartbeat says that its holder hangs: the host's loop stands still while it works,
 * and whether its process is there is known.
 */
const canBeTakenStill = ({ beatenBy, machine }: LeaseRow): boolean =>
  beatenBy === 'worker' || (machine !== '' && machine !== machineName())
