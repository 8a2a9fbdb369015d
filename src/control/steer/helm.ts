/** The helm of one process of a run: what it says of itself to those who steer it, and what it does when told. */
import type { SteeringReply, SteeringRequest } from '../../../schemas/steering.ts'
import type { ShardCounts } from '../../../workers/protocol.ts'
import type { SteeringWheel } from '../../runner/steering-wheel.ts'
import type { RunProgress } from '../run/run-options.ts'
import { tallyProgress } from '../run/tally-progress.ts'
import type { Workspace } from '../workspace.ts'
import { listenForSteering } from './listen.ts'

interface Steered {
  readonly runTag: string
  readonly startedAtMs: number
  readonly threads: number
  /** Those that the process holds now. */
  readonly shardNos: () => readonly number[]
}

export interface Helm {
  /** Keeps what the run says of its progress, for whoever asks. */
  heed(progress: RunProgress): void
  /** Why nobody can steer, where no socket could be had; the run goes on without. */
  readonly trouble: string | null
  leave(): void
}

export async function takeHelm(workspace: Workspace, wheel: SteeringWheel, steered: Steered): Promise<Helm> {
  const { heed, total } = tallyProgress()
  const answer = (request: SteeringRequest): SteeringReply => {
    obey(wheel, request)
    return { ok: true, run: describe(wheel, steered, total()) }
  }
  try {
    return { heed, trouble: null, leave: await listenForSteering(workspace, answer) }
  } catch (cause) {
    return { heed, trouble: cause instanceof Error ? cause.message : String(cause), leave: () => undefined }
  }
}

function obey(wheel: SteeringWheel, request: SteeringRequest): void {
  const now = wheel.now()
  if (request.verb === 'pause') wheel.turn({ ...now, isPaused: true })
  else if (request.verb === 'resume') wheel.turn({ ...now, isPaused: false })
  else if (request.verb === 'set') wheel.turn({ ...now, inFlight: request.inFlight })
}

const describe = (
  wheel: SteeringWheel,
  { runTag, startedAtMs, threads, shardNos }: Steered,
  { ok, quarantined, asked, microUsd }: ShardCounts,
) => ({
  pid: process.pid,
  run_tag: runTag,
  started_at_ms: startedAtMs,
  paused: wheel.now().isPaused,
  in_flight_per_thread: wheel.now().inFlight,
  threads,
  shards: [...shardNos()],
  done: ok + quarantined,
  ok,
  quarantined,
  asked,
  micro_usd: microUsd,
})
