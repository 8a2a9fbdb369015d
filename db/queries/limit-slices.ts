/** Who uses which limit of a provider, of the processes of one machine. */
import type { Db } from '../open.ts'

export interface SliceHolder {
  readonly machine: string
  readonly pid: number
  readonly pidStarted: string
}

export function limitSliceQueries(db: Db) {
  const put = db.prepare(
    `INSERT INTO limit_slices (limit_id, machine, pid, pid_started, lapses_at_ms)
     VALUES (@limitId, @machine, @pid, @pidStarted, @lapsesAtMs)
     ON CONFLICT DO UPDATE SET lapses_at_ms = excluded.lapses_at_ms`,
  )
  // A time far ahead was written before the machine was started last.
  const removeLapsed = db.prepare(
    `DELETE FROM limit_slices
     WHERE machine = @machine AND NOT (lapses_at_ms BETWEEN @nowMs AND @nowMs + @lifeMs)`,
  )
  const count = db.prepare<object, { n: number }>(
    'SELECT count(*) AS n FROM limit_slices WHERE limit_id = @limitId AND machine = @machine',
  )
  const remove = db.prepare(
    'DELETE FROM limit_slices WHERE machine = @machine AND pid = @pid AND pid_started = @pidStarted',
  )
  return {
    /**
     * Keeps the holder's slices for another while, and clears away those that lapsed.
     *
     * @param nowMs of the machine's monotonic clock
     * @returns how many processes use each limit, in the order of the ids; the holder counts
     */
    renew: db.transaction(
      (holder: SliceHolder, limitIds: readonly string[], nowMs: number, lifeMs: number): number[] => {
        const { machine } = holder
        removeLapsed.run({ machine, nowMs, lifeMs })
        for (const limitId of limitIds) put.run({ ...holder, limitId, lapsesAtMs: nowMs + lifeMs })
        return limitIds.map((limitId) => count.get({ limitId, machine })!.n)
      },
    ).immediate,
    release: (holder: SliceHolder): void => void remove.run(holder),
  }
}
