/**
 * One iteration: the next seeds in hash order, merge with health and gates, archive, a line in the index.
 *
 * An iteration that failed or died is gone on with at its step, with what is left of its seeds; never begun anew.
 */
import { type IterationRow, iterationQueries } from '../../../db/queries/iterations.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import { archiveWorkspace } from '../archive/archive-workspace.ts'
import { mergeWorkspace } from '../merge/merge-workspace.ts'
import { run } from '../run/run.ts'
import type { RunOptions } from '../run/run-options.ts'
import type { RunSummary } from '../run/run-summary.ts'
import type { Workspace } from '../workspace.ts'
import { countWork } from './count-work.ts'
import { noteIteration } from './iteration-index.ts'

export interface LoopOptions extends Pick<RunOptions, 'caps' | 'promptText' | 'env' | 'onProgress'> {
  readonly signal: AbortSignal
  readonly nowMs: () => number
}

/**
 * @param guard throws where the loop's lease was lost
 * @returns null where there was nothing left to do
 * @throws RffError what stopped the iteration; it stays `running`, for the caller to judge
 */
export async function iterate(
  workspace: Workspace,
  config: Config,
  options: LoopOptions,
  guard: () => void,
): Promise<IterationRow | null> {
  const iterations = iterationQueries(workspace.control)
  const current = beginOrResume(workspace, config, options.nowMs())
  if (current === null) return null
  const { iterationNo } = current
  const isAt = (step: IterationRow['step']): boolean => iterations.latest(1)[0]!.step === step
  if (isAt('run')) {
    const runId = await runSeeds(workspace, config, options, current)
    guard()
    iterations.advance(iterationNo, 'merge', runId === null ? {} : { runId })
  }
  if (isAt('merge')) {
    const { fieldTag } = await mergeWorkspace(
      workspace,
      config,
      { overrideGates: [], allowPartial: false, signal: options.signal },
      options.nowMs,
    )
    guard()
    iterations.advance(iterationNo, 'archive', { fieldTag })
  }
  if (isAt('archive')) {
    await archiveWorkspace(workspace, config, options.signal, options.nowMs)
    guard()
    iterations.advance(iterationNo, 'end')
  }
  noteIteration(workspace, { ...iterations.latest(1)[0]!, state: 'done' }, options.nowMs())
  iterations.finish(iterationNo)
  return iterations.latest(1)[0]!
}

function beginOrResume(workspace: Workspace, { loop }: Config, nowMs: number): IterationRow | null {
  const iterations = iterationQueries(workspace.control)
  const [last] = iterations.latest(1)
  if (last !== undefined && last.state !== 'done') {
    iterations.resume(last.iterationNo)
    return iterations.latest(1)[0]!
  }
  const { todo, done } = countWork(workspace)
  if (todo === 0) return null
  const iterationNo = (last?.iterationNo ?? 0) + 1
  const seeds = loop.seedsPerIteration[Math.min(iterationNo, loop.seedsPerIteration.length) - 1]!
  iterations.begin({ iterationNo, seeds, doneBefore: done, nowMs })
  return iterations.latest(1)[0]!
}

/** @returns the run; null where an earlier try had done all its seeds */
async function runSeeds(
  workspace: Workspace,
  config: Config,
  { signal, nowMs, ...options }: LoopOptions,
  { seeds, doneBefore }: IterationRow,
): Promise<number | null> {
  const { todo, done, unwritten } = countWork(workspace)
  const left = Math.min(todo, Math.max(0, doneBefore + seeds - done))
  if (left === 0 && unwritten === 0) return null
  const summary = await run(
    workspace,
    config,
    { ...options, signal, shardNos: null, limit: left, domain: null, isFresh: false, isNew: false },
    nowMs,
  )
  if (summary.stop !== null) throw new RffError(summary.stop.code, summary.stop.message)
  if (signal.aborted)
    throw new RffError('interrupted', 'the iteration was stopped in its run; it goes on from there')
  if (left > 0 && countWork(workspace).done === done) throw noProgress(summary)
  return summary.runId
}

/** An iteration that does nothing would come again at once, and again. */
function noProgress({ held, todo }: RunSummary): RffError {
  const [first] = held
  return first === undefined
    ? new RffError('systemic_failure', `no cluster of ${todo} got an answer`)
    : new RffError('lock_held', `shard ${first.shardNo} is held by ${first.heldBy}, and no other has work`)
}
