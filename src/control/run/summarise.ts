/**
 * What a run did as a whole, out of what each shard says of itself: the counts together, the stop that weighs most, when
 * to come back, and what is left.
 */
import type { Failure } from '../../../schemas/failure.ts'
import { sumProfiles } from '../../../schemas/profile.ts'
import type { ShardSummary } from '../../../workers/protocol.ts'
import type { Workspace } from '../workspace.ts'
import type { HeldShard } from './claim-shards.ts'
import { closeIfEmpty, type OpenRun } from './join-run.ts'
import type { RunSummary } from './run-summary.ts'
import { sumCounts } from './tally-progress.ts'
import { tellRoom } from './tell-room.ts'

/** Where several apply: a fault of ours, the provider, the budget, the window, a file that was set aside. */
const WEIGHT = [
  'internal',
  'disk_full',
  'systemic_failure',
  'budget_spent',
  'window_exhausted',
  'batches_pending',
  'lease_lost',
  'schema_newer',
  'schema_older',
  'schema_behind',
  'plan_mismatch',
  'disk_failed',
  'file_denied',
  'shard_damaged',
  'shard_missing',
]

/** Those that are not on the list weigh least. */
const weightOf = ({ code }: Failure): number => (WEIGHT.includes(code) ? WEIGHT.indexOf(code) : WEIGHT.length)

/** Closes the run too, where nothing stopped it and nothing is left. */
export function summarise(
  workspace: Workspace,
  open: OpenRun,
  shards: readonly ShardSummary[],
  held: readonly HeldShard[],
  nowMs: number,
): RunSummary {
  const stops = shards.flatMap(({ stop }) => stop ?? [])
  const left = closeIfEmpty(workspace, open, stops.length === 0, nowMs)
  stops.sort((a, b) => weightOf(a) - weightOf(b))
  return {
    runId: open.runId,
    runTag: open.runTag,
    shards: shards.map(({ profile: _, ...shard }) => shard),
    counts: sumCounts(shards.map(({ counts }) => counts)),
    held,
    stop: stops[0] ?? null,
    comeBackAtMs: earliest(shards.flatMap(({ comeBackAtMs }) => comeBackAtMs ?? [])),
    profile: sumProfiles(shards.flatMap(({ profile }) => profile ?? [])),
    ...left,
  }
}

/** Who has to make room wants to know how much. */
export function withRoom(workspace: Workspace, threadCount: number, summary: RunSummary): RunSummary {
  const { stop, todo } = summary
  if (stop?.code !== 'disk_full') return summary
  const message = `${stop.message}; ${tellRoom(workspace, { todo, done: countDone(summary.shards), threadCount })}`
  return { ...summary, stop: { ...stop, message } }
}

export const countDone = (shards: readonly ShardSummary[]): number =>
  shards.reduce((n, { counts }) => n + counts.ok + counts.quarantined, 0)

const earliest = (times: readonly number[]): number | null => (times.length === 0 ? null : Math.min(...times))
