/**
 * Pays for a small sample in hash order, so that an estimate has answers to stand on.
 *
 * It is a run like any other, with a cap and a limit: its answers are stored, its clusters are done, and the run that
 * follows finds both.
 */
import { countToNthAsked } from '../../../db/queries/nth-asked.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import { hasCap } from '../../../schemas/budget.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import { STRUCTURE_TASK } from '../../passes/30-c-structure/task.ts'
import { run } from '../run/run.ts'
import type { RunOptions } from '../run/run-options.ts'
import type { RunSummary } from '../run/run-summary.ts'
import { splitVisited, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { laneMeters } from './lane-meters.ts'

export interface SampleOptions extends Pick<RunOptions, 'caps' | 'promptText' | 'env' | 'signal'> {
  /** Clusters that a model is asked about. */
  readonly size: number
}

/** @throws RffError usage without a cap; whatever a run throws before it asks anything */
export async function askSample(
  workspace: Workspace,
  config: Config,
  { size, ...options }: SampleOptions,
  nowMs: () => number,
): Promise<RunSummary> {
  const { primary } = await laneMeters(config)
  const runs = runQueries(workspace.control)
  const openBefore = runs.open(STRUCTURE_TASK)
  if (primary.provider === 'rules')
    throw new RffError('usage', 'the built-in rules cost nothing, so there is nothing to sample')
  if (openBefore === undefined && !hasCap(options.caps))
    throw new RffError('usage', 'a sample is paid for, so it needs a cap: name --max-usd')
  const summary = await run(
    workspace,
    config,
    {
      ...options,
      limit: limitFor(workspace, config, size),
      shardNos: null,
      domain: null,
      isFresh: false,
      isNew: false,
    },
    nowMs,
  )
  // A run that began with the sample's cap ends with it; the next one names a cap of its own.
  if (openBefore === undefined) runs.close(summary.runId, nowMs())
  return summary
}

/** Lone clusters lie between those that are asked about and cost nothing; a limit counts them too. */
function limitFor(workspace: Workspace, { expand }: Config, size: number): number {
  let asked = 0
  const { values } = splitVisited(
    visitShards(workspace, (db) => {
      if (asked >= size) return 0
      const count = countToNthAsked(db, size - asked, expand.lone === 'model')
      asked += count.asked
      return count.clusters
    }),
  )
  return Math.max(
    1,
    values.reduce((sum, clusters) => sum + clusters, 0),
  )
}
