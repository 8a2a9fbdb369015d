/**
 * Measures what one thread does, for `--profile`: `startProfiler` measures, `NO_PROFILER` does nothing at next to no
 * cost, and whoever works need not know which of the two it has.
 */
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { Db } from '../../db/open.ts'
import { timeStatements } from '../../db/time-statements.ts'
import { type Profile, type Span, sumProfiles } from '../../schemas/profile.ts'

export interface Profiler {
  readonly isMeasuring: boolean
  /** Its statements are measured; call it before they are prepared. */
  watch(db: Db): void
  /** A piece of work of the thread, without an await inside. */
  time<Result>(pass: string, work: () => Result): Result
  /** The same for work that other threads take part in. */
  span<Result>(pass: string, work: () => Promise<Result>): Promise<Result>
  /** What a request waits for. */
  wait<Result>(what: string, work: () => Promise<Result>): Promise<Result>
  /** Waits for an answer of the model: while nothing else is to do, this is what the thread waits for. */
  ask<Result>(work: () => Promise<Result>): Promise<Result>
  committed(entryCount: number): void
  /** What a thread that took part measured of itself; null where it did not. */
  adopt(part: Profile | null): void
  /** null where nothing was measured. */
  end(): Profile | null
}

export const NO_PROFILER: Profiler = {
  isMeasuring: false,
  watch: () => undefined,
  time: (_, work) => work(),
  span: (_, work) => work(),
  wait: (_, work) => work(),
  ask: (work) => work(),
  committed: () => undefined,
  adopt: () => undefined,
  end: () => null,
}

/** How often the event loop is looked at; a look that comes on time counts as no delay. */
const LOOK_EVERY_MS = 10

export function startProfiler(): Profiler {
  const startedMs = performance.now()
  const startedIdle = performance.eventLoopUtilization()
  const delays = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS })
  delays.enable()
  const [passes, statements, waits] = [stopwatches(), stopwatches(), stopwatches()]
  const asking = idleWhileAsking()
  const commits = { commits: 0, entries: 0, most: 0 }
  const adopted: Profile[] = []
  const timed =
    ({ add }: Stopwatches) =>
    async <Result>(what: string, work: () => Promise<Result>): Promise<Result> => {
      const start = performance.now()
      try {
        return await work()
      } finally {
        add(what, performance.now() - start)
      }
    }
  const awaited = timed(waits)
  return {
    isMeasuring: true,
    watch: (db) => timeStatements(db, statements.add),
    time(pass, work) {
      const start = performance.now()
      try {
        return work()
      } finally {
        passes.add(pass, performance.now() - start)
      }
    },
    span: timed(passes),
    wait: awaited,
    ask: (work) => awaited('answer', () => asking.during(work)),
    committed(entryCount) {
      commits.commits += 1
      commits.entries += entryCount
      commits.most = Math.max(commits.most, entryCount)
    },
    adopt(part) {
      if (part !== null) adopted.push(part)
    },
    end() {
      delays.disable()
      const delay = (percentile: number) => late(delays.percentile(percentile))
      const own: Profile = {
        parts: 1,
        ms: performance.now() - startedMs,
        busyMs: performance.eventLoopUtilization(startedIdle).active,
        waitingForModelMs: asking.idleMs(),
        passes: passes.spans(),
        statements: statements.spans(),
        waits: waits.spans(),
        commits,
        eventLoopDelay: { p50Ms: delay(50), p99Ms: delay(99), mostMs: late(delays.max) },
      }
      return sumProfiles([own, ...adopted])
    },
  }
}

/** The histogram holds the time from one look to the next, in nanoseconds. */
const late = (ns: number): number => Math.max(0, ns / 1e6 - LOOK_EVERY_MS)

interface Stopwatches {
  readonly add: (name: string, ms: number) => void
  /** The longest first. */
  spans(): Span[]
}

function stopwatches(): Stopwatches {
  const sums = new Map<string, { calls: number; ms: number }>()
  return {
    add(name, ms) {
      const sum = sums.get(name)
      if (sum === undefined) sums.set(name, { calls: 1, ms })
      else {
        sum.calls += 1
        sum.ms += ms
      }
    },
    spans: () => [...sums].map(([name, { calls, ms }]) => ({ name, calls, ms })).sort((a, b) => b.ms - a.ms),
  }
}

/** Adds up how long the event loop idled while at least one answer was under way. */
function idleWhileAsking() {
  let underWay = 0
  let idleMs = 0
  let since: EventLoopUtilization | undefined
  return {
    idleMs: () => idleMs,
    async during<Result>(work: () => Promise<Result>): Promise<Result> {
      if (underWay === 0) since = performance.eventLoopUtilization()
      underWay += 1
      try {
        return await work()
      } finally {
        underWay -= 1
        if (underWay === 0) idleMs += performance.eventLoopUtilization(since).idle
      }
    },
  }
}
