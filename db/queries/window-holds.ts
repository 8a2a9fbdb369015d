/** What each run or making of vectors may still take of the usage window before it counts again. */
import type { Db } from '../open.ts'

export interface WindowHolder {
  readonly machine: string
  readonly pid: number
  readonly pidStarted: string
  /** One process may do both at once. */
  readonly purpose: 'run' | 'embed'
}

export interface WindowHold extends WindowHolder {
  readonly tokens: number
}

export function windowHoldQueries(db: Db) {
  const all = db.prepare<object, WindowHold>(
    `SELECT machine, pid, pid_started AS pidStarted, purpose, tokens FROM window_holds
     WHERE window_starts_at_ms = @windowStartsAtMs ORDER BY machine, pid, pid_started, purpose`,
  )
  const put = db.prepare(
    `INSERT INTO window_holds (machine, pid, pid_started, purpose, window_starts_at_ms, tokens)
     VALUES (@machine, @pid, @pidStarted, @purpose, @windowStartsAtMs, @tokens)
     ON CONFLICT DO UPDATE SET window_starts_at_ms = excluded.window_starts_at_ms, tokens = excluded.tokens`,
  )
  const remove = db.prepare(
    `DELETE FROM window_holds
     WHERE machine = @machine AND pid = @pid AND pid_started = @pidStarted AND purpose = @purpose`,
  )
  return {
    /** Of a window that began at a moment. */
    all: (windowStartsAtMs: number): WindowHold[] => all.all({ windowStartsAtMs }),
    put: (hold: WindowHold, windowStartsAtMs: number): void => void put.run({ ...hold, windowStartsAtMs }),
    remove: ({ machine, pid, pidStarted, purpose }: WindowHolder): void =>
      void remove.run({ machine, pid, pidStarted, purpose }),
  }
}
