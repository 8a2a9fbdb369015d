/** Who may write what. */
import type { Db } from '../open.ts'

export interface LeaseRow {
  readonly scope: string
  readonly epoch: number
  readonly holder: string | null
  readonly pid: number | null
  /** When the process was started, as its system tells it; '' where it does not. */
  readonly pidStarted: string | null
  /** Where the number of the process means something. */
  readonly machine: string
  /** Raised while the holder works. */
  readonly heartbeat: number
  /** `worker`: by the thread that works, so that it stands still when that hangs. */
  readonly beatenBy: 'host' | 'worker'
}

export interface LeaseClaim {
  readonly scope: string
  readonly holder: string
  readonly pid: number
  readonly pidStarted: string
  readonly machine: string
  readonly beatenBy: 'host' | 'worker'
  readonly nowMs: number
}

export function leaseQueries(db: Db) {
  const columns =
    'scope, epoch, holder, pid, pid_started AS pidStarted, machine, heartbeat, beaten_by AS beatenBy'
  const get = db.prepare<[string], LeaseRow>(`SELECT ${columns} FROM leases WHERE scope = ?`)
  const claim = db.prepare<object, { epoch: number }>(
    `INSERT INTO leases (scope, epoch, holder, pid, pid_started, machine, beaten_by, heartbeat, claimed_at_ms)
     VALUES (@scope, 1, @holder, @pid, @pidStarted, @machine, @beatenBy, 0, @nowMs)
     ON CONFLICT DO UPDATE SET epoch = epoch + 1, holder = excluded.holder, pid = excluded.pid,
       pid_started = excluded.pid_started, machine = excluded.machine, beaten_by = excluded.beaten_by,
       heartbeat = 0, claimed_at_ms = excluded.claimed_at_ms
     RETURNING epoch`,
  )
  const beat = db.prepare(
    'UPDATE leases SET heartbeat = heartbeat + 1 WHERE scope = @scope AND epoch = @epoch',
  )
  const release = db.prepare(
    'UPDATE leases SET holder = NULL, pid = NULL, pid_started = NULL WHERE scope = @scope AND epoch = @epoch',
  )
  const held = db.prepare<[], LeaseRow>(
    `SELECT ${columns} FROM leases WHERE holder IS NOT NULL ORDER BY scope`,
  )
  return {
    get: (scope: string) => get.get(scope),
    claim: (row: LeaseClaim): number => claim.get(row)!.epoch,
    /** @returns whether the lease is still that of this epoch */
    beat: (scope: string, epoch: number): boolean => beat.run({ scope, epoch }).changes === 1,
    release: (scope: string, epoch: number): void => void release.run({ scope, epoch }),
    held: () => held.all(),
  }
}
