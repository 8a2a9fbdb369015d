/** What each process may still take of the usage window before it counts again. */
import type { Db } from '../open.ts'

interface Holder {
  readonly machine: string
  readonly pid: number
  readonly pidStarted: string
}

export interface WindowHold extends Holder {
  readonly tokens: number
}

export function windowHoldQueries(db: Db) {
  const all = db.prepare<object, WindowHold>(
    `SELECT machine, pid, pid_started AS pidStarted, tokens FROM window_holds
     WHERE window_starts_at_ms = @windowStartsAtMs ORDER BY machine, pid, pid_started`,
  )
  const put = db.prepare(
    `INSERT INTO window_holds (machine, pid, pid_started, window_starts_at_ms, tokens)
     VALUES (@machine, @pid, @pidStarted, @windowStartsAtMs, @tokens)
     ON CONFLICT DO UPDATE SET window_starts_at_ms = excluded.window_starts_at_ms, tokens = excluded.tokens`,
  )
  const remove = db.prepare(
    'DELETE FROM window_holds WHERE machine = @machine AND pid = @pid AND pid_started = @pidStarted',
  )
  return {
    /** Of a window that began at a moment. */
    all: (windowStartsAtMs: number): WindowHold[] => all.all({ windowStartsAtMs }),
    put: (hold: WindowHold, windowStartsAtMs: number): void => void put.run({ ...hold, windowStartsAtMs }),
    remove: ({ machine, pid, pidStarted }: Holder): void => void remove.run({ machine, pid, pidStarted }),
  }
}
