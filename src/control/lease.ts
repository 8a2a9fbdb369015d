/**
 * Who may write what: one holder per scope ('plan', 'merge', 'loop', 'shard:3'), taken over from the dead.
 *
 * Every claim raises the scope's epoch. A shard file keeps the epoch that may write, so a holder that was taken for
 * dead and wakes up changes nothing. Whether a holder is dead is asked of its machine, or read from its heartbeat; see
 * watchLease. No wall clock is ever compared.
 */
import { isBusy } from '../../db/is-busy.ts'
import type { Db } from '../../db/open.ts'
import { type LeaseRow, leaseQueries } from '../../db/queries/leases.ts'
import { RffError } from '../../schemas/failure.ts'
import { isRunning, machineName, startOfProcess, thisProcess } from './this-process.ts'

export interface Lease {
  readonly scope: string
  readonly epoch: number
  /** @throws RffError lease_lost where somebody took it over */
  expectHeld(): void
  /**
   * Tells observers that the holder works. While somebody locks the control file nobody is told, and nobody can ask.
   *
   * @returns false where the lease was lost
   */
  beat(): boolean
  release(): void
}

/** A lease that somebody else has, as it was seen. */
export interface HeldLease {
  readonly heldBy: string
  readonly seen: LeaseRow
}

/** `worker`: whoever works raises the heartbeat, and loses the lease when it stands still. */
export type BeatenBy = LeaseRow['beatenBy']

export const shardScope = (shardNo: number): string => `shard:${shardNo}`

/** @throws RffError lock_held with the holder */
export function claimLease(control: Db, scope: string, nowMs: number): Lease {
  const claimed = tryLease(control, scope, nowMs)
  if ('epoch' in claimed) return claimed
  throw lockHeld(scope, claimed.heldBy)
}

export const lockHeld = (scope: string, heldBy: string): RffError =>
  new RffError('lock_held', `${scope} is held by ${heldBy}`)

/** @throws RffError lock_held where somebody alive holds the scope */
export function expectFree(control: Db, scope: string): void {
  const found = leaseQueries(control).get(scope)
  if (found?.holder != null && isAlive(found)) throw lockHeld(scope, found.holder)
}

/** @returns the lease, or who holds it */
export function tryLease(
  control: Db,
  scope: string,
  nowMs: number,
  beatenBy: BeatenBy = 'host',
): Lease | HeldLease {
  return takeUnless(control, scope, nowMs, beatenBy, isAlive)
}

/**
 * Takes a lease over whose heartbeat stood still for as long as somebody watched it.
 *
 * @returns who holds it where it moved after all, or changed hands
 */
export function takeOverStill(
  control: Db,
  { scope, epoch, heartbeat }: LeaseRow,
  nowMs: number,
  beatenBy: BeatenBy,
): Lease | HeldLease {
  const hasMoved = (row: LeaseRow): boolean => row.epoch !== epoch || row.heartbeat !== heartbeat
  return takeUnless(control, scope, nowMs, beatenBy, (row) => isAlive(row) && hasMoved(row))
}

function takeUnless(
  control: Db,
  scope: string,
  nowMs: number,
  beatenBy: BeatenBy,
  isHeld: (row: LeaseRow) => boolean,
): Lease | HeldLease {
  const leases = leaseQueries(control)
  const take = control.transaction((): Lease | HeldLease => {
    const found = leases.get(scope)
    if (found?.holder != null && isHeld(found)) return { heldBy: found.holder, seen: found }
    const epoch = leases.claim({ scope, beatenBy, nowMs, ...thisProcess() })
    return {
      scope,
      epoch,
      beat: () => unlessBusy(() => leases.beat(scope, epoch)),
      expectHeld() {
        const now = leases.get(scope)
        if (now?.epoch !== epoch)
          throw new RffError('lease_lost', `${scope} was taken over by ${now?.holder ?? 'another process'}`)
      },
      release: () => leases.release(scope, epoch),
    }
  })
  return take.immediate()
}

function unlessBusy(beat: () => boolean): boolean {
  try {
    return beat()
  } catch (cause) {
    if (!isBusy(cause)) throw cause
    return true
  }
}

/**
 * Whether a holder may still be at work, as far as this machine can tell; one of another machine may.
 *
 * A process of the same number that started at another time is another process.
 */
export function isAlive({ pid, pidStarted, machine }: LeaseRow): boolean {
  if (pid === null) return false
  if (machine !== '' && machine !== machineName()) return true
  if (!isRunning(pid)) return false
  const started = startOfProcess(pid)
  return started === null || !pidStarted || started === pidStarted
}
