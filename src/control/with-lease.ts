import type { Db } from '../../db/open.ts'
import type { Lease } from './lease.ts'
import { claimWatched, type WatchOptions } from './watch-lease.ts'

const BEAT_EVERY_MS = 1_000

/**
 * Does what only one process may do at a time.
 *
 * The heartbeat is raised by a timer, for observers on other machines; on this one it is known whether the process
 * lives. Work that publishes something calls `lease.expectHeld` just before.
 *
 * @throws RffError lock_held with the holder
 */
export async function withLease<T>(
  control: Db,
  scope: string,
  options: WatchOptions,
  work: (lease: Lease) => T | Promise<T>,
): Promise<T> {
  const lease = await claimWatched(control, scope, options)
  const beating = setInterval(() => lease.beat(), BEAT_EVERY_MS).unref()
  try {
    return await work(lease)
  } finally {
    clearInterval(beating)
    lease.release()
  }
}
