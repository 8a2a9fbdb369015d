/** What a person, a log or a program sees of a run while it goes on. */
import type { Steering } from '../../schemas/steering.ts'
import type { RunLaunch, RunProgress } from '../control/run/run-options.ts'
import { type ProgressTally, tallyProgress } from '../control/run/tally-progress.ts'
import type { CommandContext } from './command.ts'
import { drawProgress, type Pace, type ProgressView, progressSentence } from './draw-progress.ts'
import { liveLines } from './live-lines.ts'
import { type RateMeter, rateMeter } from './rate-meter.ts'

export interface RunView {
  onLaunch(launch: RunLaunch): void
  onProgress(progress: RunProgress): void
  onSteered(steering: Steering): void
  end(): void
}

/** @param limit most clusters that were asked for; null for all */
export function runView(context: CommandContext, limit: number | null): RunView {
  const startedAtMs = context.nowMs()
  const tally = tallyProgress()
  const total = rateMeter(startedAtMs)
  const rates = new Map<number, RateMeter>()
  const todo = new Map<number, number>()
  const lines = liveLines(context)
  let capMicroUsd: number | null = null
  let isPaused = false

  function paceOf(
    { ok, quarantined, microUsd }: ReturnType<ProgressTally['total']>,
    of: number | null,
    rate: RateMeter,
  ): Pace {
    return { done: ok + quarantined, of, ok, microUsd, perSecond: rate.perSecond() }
  }
  function view(): ProgressView {
    const known = [...todo.values()].reduce((sum, n) => sum + n, 0)
    const all = paceOf(tally.total(), Math.min(known, limit ?? known), total)
    const shards = tally.shards().flatMap(({ shardNo, counts, isActive }) => {
      const rate = rates.get(shardNo)
      const of = limit === null ? (todo.get(shardNo) ?? null) : null
      return isActive && rate !== undefined ? [{ shardNo, ...paceOf(counts, of, rate) }] : []
    })
    return { shards, total: all, capMicroUsd, leftMs: leftMs(all), isPaused }
  }
  function show(isDue: boolean): void {
    lines.show(
      {
        drawn: (size) => drawProgress(view(), size),
        sentence: () => progressSentence(view()),
        event: () => eventOf(view(), tally.total().quarantined),
      },
      isDue,
    )
  }
  return {
    onLaunch({ runTag, threads, shards, caps }) {
      // A later go of a patient run has the rest to do, beside what this process has done.
      for (const { shardNo, todo: left, sweep } of shards)
        todo.set(shardNo, doneOf(tally, shardNo) + left + sweep)
      capMicroUsd = caps.microUsd
      context.emit({
        event: 'launch',
        run_tag: runTag,
        threads,
        shards: shards.map(({ shardNo }) => shardNo),
        todo: shards.reduce((sum, { todo: left, sweep }) => sum + left + sweep, 0),
        cap_micro_usd: caps.microUsd,
      })
      show(true)
    },
    onProgress(progress) {
      tally.heed(progress)
      const atMs = context.nowMs()
      const { ok, quarantined } = tally.total()
      total.note(atMs, ok + quarantined)
      const { shardNo } = progress
      const rate = rates.get(shardNo) ?? rateMeter(startedAtMs)
      rates.set(shardNo, rate)
      rate.note(atMs, doneOf(tally, shardNo))
      show(false)
    },
    onSteered(steering) {
      isPaused = steering.isPaused
      show(true)
    },
    end: lines.end,
  }
}

function doneOf(tally: ProgressTally, shardNo: number): number {
  const counts = tally.shards().find((shard) => shard.shardNo === shardNo)?.counts
  return counts === undefined ? 0 : counts.ok + counts.quarantined
}

const leftMs = ({ of, done, perSecond }: Pace): number | null =>
  of === null || perSecond === 0 ? null : Math.round(((of - done) * 1_000) / perSecond)

const eventOf = (
  { total, shards, capMicroUsd, leftMs: left, isPaused }: ProgressView,
  quarantined: number,
) => ({
  event: 'progress' as const,
  done: total.done,
  todo: Math.max(0, (total.of ?? total.done) - total.done),
  ok: total.ok,
  quarantined,
  ok_rate: total.done === 0 ? null : total.ok / total.done,
  clusters_per_second: total.perSecond,
  micro_usd: total.microUsd,
  cap_micro_usd: capMicroUsd,
  left_ms: left === null ? null : Math.max(0, left),
  paused: isPaused,
  active_shards: shards.map(({ shardNo }) => shardNo),
})
