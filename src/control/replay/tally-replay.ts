/** Counts what a replay finds, and keeps a few cases of each kind: those with the smallest ids, whatever the shards. */
import type { FailureCode } from '../../../schemas/failure.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type {
  replayCountsSchema,
  replayedCodeSchema,
  replaySampleSchema,
} from '../../../schemas/output/replay.ts'
import { REPLAY_CHANGES } from '../../runner/compare-walk.ts'
import type { ReplayFinding } from '../../runner/replay-shard.ts'

export type ReplayCounts = Inferred<typeof replayCountsSchema>

/** How often a code went or came with a change. A cluster counts once for each of its codes. */
export type ReplayedCode = Inferred<typeof replayedCodeSchema>

export type ReplaySample = Inferred<typeof replaySampleSchema>

export interface ReplayTally {
  readonly counts: ReplayCounts
  /** By change, then by code. */
  readonly codes: readonly ReplayedCode[]
  /** At most SAMPLES of each change, ascending by id. */
  readonly samples: readonly ReplaySample[]
}

const SAMPLES = 5
const TOLD = [...REPLAY_CHANGES, 'not_enough'] as const
type Told = (typeof TOLD)[number]

export function tallyReplay() {
  const counts: Record<keyof ReplayCounts, number> = {
    newly_ok: 0,
    newly_bad: 0,
    structure_differs: 0,
    findings_differ: 0,
    unchanged: 0,
    not_enough: 0,
    decided_by_person: 0,
  }
  const codes = new Map<string, { change: Told; code: FailureCode; gone: number; come: number }>()
  const samples = new Map<Told, ReplaySample[]>(TOLD.map((change) => [change, []]))

  function countCode(change: Told, code: FailureCode, column: 'gone' | 'come'): void {
    const key = `${TOLD.indexOf(change)} ${code}`
    const known = codes.get(key) ?? { change, code, gone: 0, come: 0 }
    known[column] += 1
    codes.set(key, known)
  }

  function keep(sample: ReplaySample): void {
    const kept = samples.get(sample.change)!
    kept.push(sample)
    kept.sort((a, b) => (a.clusterId < b.clusterId ? -1 : 1))
    kept.length = Math.min(kept.length, SAMPLES)
  }

  return {
    count(shardNo: number, found: ReplayFinding): void {
      counts[found.verdict] += 1
      if (found.verdict === 'decided_by_person' || found.verdict === 'unchanged') return
      const { verdict: change, clusterId, before, after, differsIn } = found
      for (const code of before) if (!after.includes(code)) countCode(change, code, 'gone')
      for (const code of after) if (!before.includes(code)) countCode(change, code, 'come')
      keep({ change, clusterId, shardNo, before, after, differsIn })
    },
    result: (): ReplayTally => ({
      counts: { ...counts },
      codes: [...codes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
      samples: TOLD.flatMap((change) => samples.get(change)!),
    }),
  }
}
