/**
 * Commits what finishes together in one transaction.
 *
 * Many clusters are under way in one thread, each a plain async function; whatever they want to write in one turn of
 * the event loop is committed together at its end, and each goes on when its rows are durable. Nothing waits for a
 * timer: while one commit syncs, the next group gathers. One commit per item costs 32 times as much as 256 per commit.
 */
import type { Db } from '../../db/open.ts'
import { NO_PROFILER, type Profiler } from '../profile/profiler.ts'

interface Entry {
  readonly work: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (cause: unknown) => void
  result: unknown
}

export interface CommitGroup {
  /**
   * @param work synchronous writes; nothing of it is there if it throws
   * @returns what `work` returned, once it is durable
   */
  join<T>(work: () => T): Promise<T>
}

/** @param guard runs first in every transaction; where it throws, nothing is written (a lost lease) */
export function commitGroup(db: Db, guard: () => void, profiler: Profiler = NO_PROFILER): CommitGroup {
  let gathering: Entry[] = []
  const commit = db.transaction((entries: readonly Entry[]) => {
    guard()
    for (const entry of entries) entry.result = entry.work()
  })

  function flush(): void {
    const entries = gathering
    gathering = []
    try {
      commit.immediate(entries)
    } catch (cause) {
      if (entries.length === 1) entries[0]!.reject(cause)
      else for (const entry of entries) commitAlone(entry) // one bad entry must not fail its neighbours
      return
    }
    profiler.committed(entries.length)
    for (const entry of entries) entry.resolve(entry.result)
  }

  function commitAlone(entry: Entry): void {
    try {
      commit.immediate([entry])
    } catch (cause) {
      entry.reject(cause)
      return
    }
    entry.resolve(entry.result)
  }

  return {
    join<T>(work: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (gathering.length === 0) setImmediate(flush)
        gathering.push({ work, resolve: resolve as (value: unknown) => void, reject, result: undefined })
      })
    },
  }
}
