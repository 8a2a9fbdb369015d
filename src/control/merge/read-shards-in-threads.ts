/** Reads the shards of a merge in several threads: their rows into files of sorted runs, and how their runs fared. */
import { rmSync, statSync } from 'node:fs'
import { Piscina } from 'piscina'
import { SHARDS_ATTACHED } from '../../../db/queries/field-raw.ts'
import { workerFile } from '../../../workers/worker-file.ts'
import { groupsOf, type ReadShards, type ShardFile } from '../../passes/70-g-merge/gather/stage.ts'
import type { ShardTally } from '../../passes/80-health/stage.ts'
import { NO_PROFILER } from '../../profile/profiler.ts'
import {
  FILES_BEGUN,
  fromThrown,
  runFilePath,
  type ShardShare,
  type ShardShares,
  type Thrown,
} from './read-shard-share.ts'

export interface ThreadedReading {
  readonly readShards: ReadShards
  /** Of every shard that is present, once they are read. */
  tallies(): readonly ShardTally[]
  /** Removes the files of runs. */
  clear(): void
}

/** Below, starting the threads takes longer than they save; see docs/decisions/0191. */
const BYTES_WORTH_THREADS = 128 * 2 ** 20
/** So many files of runs can be attached beside the corpus. */
const MOST_THREADS = 8

/** A thread cannot load TypeScript, so the program's sources read in the thread they run in. */
const isCompiled = import.meta.url.endsWith('.js')

/**
 * @param dir where the files of runs stand for the time of the gathering
 * @param bytesWorth of all shards together, from which on threads are started
 * @returns undefined where the shards are read as fast here
 */
export function readShardsInThreads(
  shards: readonly ShardFile[],
  dir: string,
  threads: number,
  profiler = NO_PROFILER,
  bytesWorth = BYTES_WORTH_THREADS,
): ThreadedReading | undefined {
  const threadCount = Math.min(threads, MOST_THREADS, shards.length)
  if (!isCompiled || threadCount < 1 || bytesOf(shards) < bytesWorth) return undefined
  const counters = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))
  let tallies: readonly ShardTally[] = []
  return {
    async readShards(ordered) {
      const most = Math.min(SHARDS_ATTACHED, Math.ceil(ordered.length / threadCount))
      const groups = [...groupsOf(ordered, most)]
      const isProfiled = profiler.isMeasuring
      const shares = await inThreads({ groups, counters, dir, isProfiled }, threadCount)
      for (const { profile } of shares) profiler.adopt(profile)
      tallies = shares.flatMap((share) => share.tallies)
      return shares.map(({ runs }) => runs)
    },
    tallies: () => tallies,
    clear() {
      for (let fileNo = 0; fileNo < counters[FILES_BEGUN]!; fileNo++)
        rmSync(runFilePath(dir, fileNo), { force: true })
    },
  }
}

/** A missing shard has none; it is found missing when it is read. */
const bytesOf = (shards: readonly ShardFile[]): number =>
  shards.reduce((sum, { path }) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0)

async function inThreads(shares: ShardShares, threadCount: number): Promise<ShardShare[]> {
  const pool = new Piscina<undefined, ShardShare | { thrown: Thrown }>({
    filename: workerFile('gather'),
    minThreads: threadCount,
    maxThreads: threadCount,
    workerData: shares,
  })
  try {
    const outcomes = await Promise.all(Array.from({ length: threadCount }, () => pool.run(undefined)))
    return outcomes.map((outcome) => {
      if ('thrown' in outcome) throw fromThrown(outcome.thrown)
      return outcome
    })
  } finally {
    await pool.destroy()
  }
}
