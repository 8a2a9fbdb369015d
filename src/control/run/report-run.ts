/** Keeps `runs/<tag>/manifest.json` up to date while a run goes on, and writes review.md at its end. */
import type { ShardCounts } from '../../../workers/protocol.ts'
import { STRUCTURE_TASK } from '../../passes/30-c-structure/task.ts'
import { writeReview } from '../review/write-review.ts'
import { writeRunManifest } from '../review/write-run-manifest.ts'
import type { Workspace } from '../workspace.ts'
import type { OpenRun } from './join-run.ts'
import type { RunProgress } from './run-options.ts'
import type { RunSummary } from './run-summary.ts'
import { tallyProgress } from './tally-progress.ts'

/** Often enough for somebody who polls, seldom enough to cost nothing. */
const EVERY_MS = 2_000

export function runReporter(workspace: Workspace, { runTag }: OpenRun, nowMs: () => number) {
  const startedMs = performance.now() // a wall clock may jump
  const tally = tallyProgress()
  let writtenAtMs = Number.NEGATIVE_INFINITY
  const write = (
    state: 'running' | 'stopped' | 'closed',
    stage: string,
    stop: RunSummary['stop'],
    counts: Counts,
  ) =>
    writeRunManifest(workspace, runTag, {
      state,
      stage,
      stop,
      counts: { ...counts },
      metrics: metricsOf(counts, performance.now() - startedMs),
      nowMs: nowMs(),
    })
  return {
    progress(progress: RunProgress): void {
      tally.heed(progress)
      if (performance.now() - writtenAtMs < EVERY_MS) return
      writtenAtMs = performance.now()
      write('running', STRUCTURE_TASK, null, tally.total())
    },
    end({ counts, stop, isClosed, todo, waiting }: RunSummary): void {
      write(isClosed ? 'closed' : 'stopped', STRUCTURE_TASK, stop, { ...counts, todo, waiting })
      writeReview(workspace, runTag)
    },
  }
}

type Counts = ShardCounts & { readonly todo?: number; readonly waiting?: number }

function metricsOf(
  { ok, salvaged, quarantined, microUsd }: Counts,
  tookMs: number,
): Record<string, number | null> {
  const done = ok + quarantined
  return {
    ok_rate: done === 0 ? null : ok / done,
    salvage_rate: ok === 0 ? null : salvaged / ok,
    clusters_per_second: tookMs === 0 ? null : (done * 1_000) / tookMs,
    micro_usd_per_1000_ok: ok === 0 ? null : (microUsd * 1_000) / ok,
  }
}
