/** Thread side of gathering: takes groups of shards until none is left, and reads each shard once for all it is asked. */
import { join } from 'node:path'
import { type Failure, RffError } from '../../../schemas/failure.ts'
import type { Profile } from '../../../schemas/profile.ts'
import {
  createRunWriter,
  type GatherSummary,
  type ShardFile,
  type ShardRuns,
} from '../../passes/70-g-merge/gather/stage.ts'
import { type ShardTally, tallyShard } from '../../passes/80-health/stage.ts'
import { NO_PROFILER, startProfiler } from '../../profile/profiler.ts'

export interface ShardShares {
  /** Each ascending by shard number. */
  readonly groups: readonly (readonly ShardFile[])[]
  /** In memory that all threads see: the next group, and how many files were begun. */
  readonly counters: Int32Array
  /** Where the files of runs go. */
  readonly dir: string
  readonly isProfiled: boolean
}

export const [NEXT_GROUP, FILES_BEGUN] = [0, 1]

export interface ShardShare {
  readonly runs: ShardRuns
  readonly tallies: readonly ShardTally[]
  readonly profile: Profile | null
}

/** What was thrown, as plain data; the host looks at it as if it had been thrown there. */
export interface Thrown {
  readonly code: Failure['code'] | string | undefined
  readonly message: string
  readonly isOurs: boolean
}

export const runFilePath = (dir: string, fileNo: number): string => join(dir, `runs-${fileNo}.sqlite`)

export function readShardShare({ groups, counters, dir, isProfiled }: ShardShares): ShardShare {
  const profiler = isProfiled ? startProfiler() : NO_PROFILER
  const writer = createRunWriter(runFilePath(dir, Atomics.add(counters, FILES_BEGUN, 1)), profiler.watch)
  const parts: GatherSummary[] = []
  const tallies: ShardTally[] = []
  for (;;) {
    const group = groups[Atomics.add(counters, NEXT_GROUP, 1)]
    if (group === undefined) break
    const part = profiler.time('gather, in threads', () => writer.add(group))
    parts.push(part)
    const present = new Set(part.inputs.map(({ shard_no }) => shard_no))
    for (const { shardNo, path } of group) {
      if (!present.has(shardNo)) continue
      tallies.push(profiler.time('health of the runs, in threads', () => tallyShard(path, profiler.watch)))
    }
  }
  const runs = {
    file: writer.end(),
    inputs: parts.flatMap(({ inputs }) => inputs),
    setAside: parts.flatMap(({ setAside }) => setAside),
  }
  return { runs, tallies, profile: profiler.end() }
}

export function asThrown(cause: unknown): Thrown {
  if (!(cause instanceof Error)) return { code: undefined, message: String(cause), isOurs: false }
  const code = 'code' in cause ? String(cause.code) : undefined
  return { code, message: cause.message, isOurs: cause instanceof RffError }
}

export function fromThrown({ code, message, isOurs }: Thrown): Error {
  if (isOurs) return new RffError(code as Failure['code'], message)
  return Object.assign(new Error(message), code === undefined ? {} : { code })
}
