/**
 * Who may write what: one holder per scope ('plan', 'merge', 'shard:3'), taken over from the dead.
 *
 * Every claim raises the scope's epoch. A shard file keeps the epoch that may write, so a holder that was taken for
 * dead and wakes up changes nothing.
 */
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Db } from '../../db/open.ts'
import { type LeaseRow, leaseQueries } from '../../db/queries/leases.ts'
import { RffError } from '../../schemas/failure.ts'

export interface Lease {
  readonly scope: string
  readonly epoch: number
  release(): void
}

export const shardScope = (shardNo: number): string => `shard:${shardNo}`

/** @throws RffError lock_held with the holder */
export function claimLease(control: Db, scope: string, nowMs: number): Lease {
  const claimed = tryLease(control, scope, nowMs)
  if ('epoch' in claimed) return claimed
  throw new RffError('lock_held', `${scope} is held by ${claimed.heldBy}`)
}

/** @returns the lease, or who holds it */
export function tryLease(control: Db, scope: string, nowMs: number): Lease | { readonly heldBy: string } {
  const leases = leaseQueries(control)
  const me = { scope, holder: `${hostname()} process ${process.pid}`, pid: process.pid, nowMs }
  const claim = control.transaction((): Lease | { heldBy: string } => {
    const found = leases.get(scope)
    if (found?.holder != null && isAlive(found)) return { heldBy: found.holder }
    const epoch = leases.claim({ ...me, pidStarted: startOf(process.pid) ?? '' })
    return { scope, epoch, release: () => leases.release(scope, epoch) }
  })
  return claim.immediate()
}

/** A process of the same number that started at another time is another process. */
function isAlive({ pid, pidStarted }: LeaseRow): boolean {
  if (pid === null) return false
  try {
    process.kill(pid, 0)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const started = startOf(pid)
  return started === null || pidStarted === '' || started === pidStarted
}

/** Field 22 of Linux's /proc/PID/stat; null where the system does not tell. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    // No /proc here, or the process is gone; kill(pid, 0) has already told which.
    return null
  }
}
