/** A run is a row: the first process begins it, every other one joins it, and it closes when its frontier is empty. */
import { createHash } from 'node:crypto'
import { controlGrantQueries } from '../../../db/queries/control-grants.ts'
import { frontierQueries } from '../../../db/queries/frontier.ts'
import { planQueries } from '../../../db/queries/plans.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import { asFailure, isOfOneFile } from '../../../schemas/as-failure.ts'
import { type Caps, hasCap } from '../../../schemas/budget.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import { openShard } from '../../../shards/lifecycle.ts'
import { STRUCTURE_TASK } from '../../passes/30-c-structure/task.ts'
import { tagOf } from '../tag.ts'
import type { Workspace } from '../workspace.ts'
import { knownShards } from './claim-shards.ts'

export interface OpenRun {
  readonly runId: number
  readonly runTag: string
  readonly lineage: string
}

interface JoinOptions {
  readonly isNew: boolean
  readonly promptText: string | null
  readonly caps: Caps
}

/** @throws RffError workspace_missing, plan_unfinished, run_caps_differ */
export function joinRun(workspace: Workspace, config: Config, options: JoinOptions, nowMs: number): OpenRun {
  const { control } = workspace
  const plans = planQueries(control)
  const runs = runQueries(control)
  const grants = controlGrantQueries(control)
  const plan = plans.lastDone()
  const last = plans.last()
  const lineage = plans.knownLineage()
  if (last === undefined) throw new RffError('workspace_missing', `nothing is planned in ${workspace.dir}`)
  // A later plan that was refused, or killed before it reached the shard files, leaves this one's as they were.
  if (plan === undefined || lineage === undefined || last.state === 'write') {
    throw new RffError('plan_unfinished', `plan ${last.planNo} stopped at ${last.state}`)
  }
  const settings = JSON.stringify(whatDecidesAnswers(config, options.promptText))
  const join = control.transaction((): OpenRun => {
    const open = runs.open(STRUCTURE_TASK)
    if (open !== undefined && !options.isNew) {
      if (open.settings !== settings) {
        throw new RffError(
          'run_caps_differ',
          `run ${open.runTag} is open with other settings: ${differences(open.settings, settings)}`,
        )
      }
      expectSameCaps(grants.caps(open.runId), options.caps, open.runTag)
      return { runId: open.runId, runTag: open.runTag, lineage }
    }
    if (open !== undefined) runs.close(open.runId, nowMs)
    const runTag = tagOf(nowMs, runs.isTagTaken)
    const runId = runs.begin({ runTag, planNo: plan.planNo, task: STRUCTURE_TASK, settings, nowMs })
    grants.setCaps(runId, options.caps)
    return { runId, runTag, lineage }
  })
  return join.immediate()
}

/** `models {"primary":"rules"}, now {"primary":"openai/x"}`, for each part that differs. */
function differences(known: string, asked: string): string {
  const before = JSON.parse(known) as Record<string, unknown>
  const now = JSON.parse(asked) as Record<string, unknown>
  return Object.keys(now)
    .filter((part) => JSON.stringify(before[part]) !== JSON.stringify(now[part]))
    .map((part) => `${part} ${JSON.stringify(before[part])}, now ${JSON.stringify(now[part])}`)
    .join('; ')
}

/** Who names no cap joins with the run's own. */
function expectSameCaps(known: Caps, asked: Caps, runTag: string): void {
  if (!hasCap(asked) || JSON.stringify(known) === JSON.stringify(asked)) return
  throw new RffError(
    'run_caps_differ',
    `run ${runTag} is open with caps ${JSON.stringify(known)}, this one asks for ${JSON.stringify(asked)}`,
  )
}

/** Two processes of one run must ask the same models the same way. */
function whatDecidesAnswers({ models, sampling, structure, expand }: Config, promptText: string | null) {
  const prompt = promptText === null ? 'built-in' : createHash('sha256').update(promptText).digest('hex')
  return {
    models,
    sampling,
    relationTypes: structure.relationTypes,
    expensiveMaxShare: structure.expensiveMaxShare,
    lone: expand.lone,
    prompt,
  }
}

/**
 * @param isWhole whether nothing went wrong: a shard that stopped may still have to write down what it did
 * @returns what is left in all frontiers, and whether that closed the run
 */
export function closeIfEmpty(
  workspace: Workspace,
  { runId }: OpenRun,
  isWhole: boolean,
  nowMs: number,
): { todo: number; waiting: number; isClosed: boolean } {
  const left = { todo: 0, waiting: 0 }
  let unreadable = 0
  for (const meta of knownShards(workspace)) {
    try {
      const db = openShard(workspace.shardPath(meta.shardNo), meta, 'read')
      try {
        const { todo, sweep } = frontierQueries(db).counts()
        left.todo += todo
        left.waiting += sweep
      } finally {
        db.close()
      }
    } catch (cause) {
      if (!isOfOneFile(asFailure(cause))) throw cause
      unreadable += 1
    }
  }
  const isClosed = isWhole && left.todo === 0 && left.waiting === 0 && unreadable === 0
  if (isClosed) runQueries(workspace.control).close(runId, nowMs)
  return { ...left, isClosed }
}
