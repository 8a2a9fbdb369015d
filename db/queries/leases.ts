/** Who may write what. */
import type { Db } from '../open.ts'

export interface LeaseRow {
  readonly scope: string
  readonly epoch: number
  readonly holder: string | null
  readonly pid: number | null
  readonly pidStarted: string | null
}

export function leaseQueries(db: Db) {
  const get = db.prepare<[string], LeaseRow>(
    'SELECT scope, epoch, holder, pid, pid_started AS pidStarted FROM leases WHERE scope = ?',
  )
  const claim = db.prepare<object, { epoch: number }>(
    `INSERT INTO leases (scope, epoch, holder, pid, pid_started, claimed_at_ms)
     VALUES (@scope, 1, @holder, @pid, @pidStarted, @nowMs)
     ON CONFLICT DO UPDATE SET epoch = epoch + 1, holder = excluded.holder, pid = excluded.pid,
       pid_started = excluded.pid_started, claimed_at_ms = excluded.claimed_at_ms
     RETURNING epoch`,
  )
  const release = db.prepare(
    'UPDATE leases SET holder = NULL, pid = NULL, pid_started = NULL WHERE scope = @scope AND epoch = @epoch',
  )
  const held = db.prepare<[], LeaseRow>(
    'SELECT scope, epoch, holder, pid, pid_started AS pidStarted FROM leases WHERE holder IS NOT NULL ORDER BY scope',
  )
  return {
    get: (scope: string) => get.get(scope),
    claim: (row: { scope: string; holder: string; pid: number; pidStarted: string; nowMs: number }): number =>
      claim.get(row)!.epoch,
    release: (scope: string, epoch: number): void => void release.run({ scope, epoch }),
    held: () => held.all(),
  }
}
