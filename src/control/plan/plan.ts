/**
 * plan: a corpus of facts becomes shard files that a run can work through.
 *
 * Three steps (intake, expand, write), each idempotent and noted in the control file: a plan that was killed goes on
 * where it stopped when it is asked for again, and planning the same again changes nothing.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { type Db, openDb } from '../../../db/open.ts'
import { planQueries } from '../../../db/queries/plans.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { planSummarySchema } from '../../../schemas/output/plan.ts'
import { openShard } from '../../../shards/lifecycle.ts'
import { type ExpandSummary, expand } from '../expand/expand.ts'
import { expandField } from '../expand/expand-field.ts'
import { identifyInput } from '../intake/identify-input.ts'
import { intake } from '../intake/intake.ts'
import type { IntakeSummary } from '../intake/intake-summary.ts'
import { currentFieldPath } from '../merge/current-field.ts'
import { withLease } from '../with-lease.ts'
import type { Workspace } from '../workspace.ts'
import { beginOrResume } from './begin-plan.ts'
import { claimAllShards } from './claim-all-shards.ts'
import { finishSplits } from './finish-splits.ts'
import type { PlanOptions } from './plan-options.ts'
import { releaseDropped } from './release-dropped.ts'
import { type ShardTarget, writeShards } from './write-shards.ts'

export type PlanSummary = Inferred<typeof planSummarySchema>

/** @throws RffError of intake and expand, lock_held, plan_mismatch */
export async function plan(
  workspace: Workspace,
  config: Config,
  options: PlanOptions,
  nowMs: number,
): Promise<PlanSummary> {
  const watching = { leaseMs: config.run.leaseMs, nowMs: () => nowMs, signal: options.signal }
  return withLease(workspace.control, 'plan', watching, async ({ expectHeld }) => {
    finishSplits(workspace)
    const targets = claimAllShards(workspace, config, options, nowMs)
    try {
      return await planUnderLease(workspace, config, options, targets, { nowMs, expectHeld })
    } finally {
      for (const target of targets) target.release()
    }
  })
}

async function planUnderLease(
  workspace: Workspace,
  config: Config,
  options: PlanOptions,
  targets: readonly ShardTarget[],
  { nowMs, expectHeld }: { readonly nowMs: number; readonly expectHeld: () => void },
): Promise<PlanSummary> {
  const plans = planQueries(workspace.control)
  for (const path of options.inputs) await identifyInput(path) // a mistyped path is no plan
  expectSoundShards(workspace, targets)
  const planNo = beginOrResume(workspace, config, options, nowMs)
  const corpus = openDb(workspace.corpusPath, 'corpus', { mode: 'create' })
  try {
    const taken = options.inputs.length === 0 ? null : await takeIn(corpus, planNo, config, options)
    expectHeld()
    plans.advance(planNo, 'expand', null)
    const released = options.regroupsDropped ? releaseDropped(corpus, shardsOf(workspace, targets)) : 0
    const expanded = await expandPlan(workspace, corpus, planNo, config, options)
    expectHeld()
    plans.advance(planNo, 'write', null)
    const lineage = plans.lineage(randomUUID)
    const after = plans.lastDone()?.planNo ?? 0
    const written = writeShards(corpus, { after, through: planNo }, lineage, targets, (done) =>
      options.onProgress?.({ step: 'shards', done, total: targets.length }),
    )
    const summary = {
      planNo,
      intake: taken,
      released,
      expand: expanded,
      shards: { ...written, count: targets.length },
    }
    expectHeld()
    plans.advance(planNo, 'done', JSON.stringify(summary))
    return summary
  } finally {
    corpus.close()
  }
}

/**
 * Before anything is written: each file must be the shard of this plan that its name says.
 *
 * @throws RffError input_not_found, plan_mismatch, schema_newer, shard_damaged
 */
function expectSoundShards({ control }: Workspace, targets: readonly ShardTarget[]): void {
  const plans = planQueries(control)
  const lineage = plans.knownLineage()
  if (lineage === undefined) return
  for (const { row, path } of targets) {
    // A first plan that was killed may not have made all files yet.
    if (!existsSync(path) && plans.lastDone() === undefined) continue
    openShard(path, { lineage, ...row }, 'write').close()
  }
}

export function takeIn(
  corpus: Db,
  planNo: number,
  { plan: limits, run }: Config,
  options: PlanOptions,
): Promise<IntakeSummary> {
  const { inputs, map, domains, replace, frozen, signal, onProgress } = options
  return intake(corpus, {
    planNo,
    inputs: [...inputs],
    map,
    ...(domains.length > 0 ? { domains: [...domains] } : {}),
    replace,
    frozen,
    maxRefusedShare: limits.maxRefusedShare,
    limits: { maxLineBytes: limits.maxLineBytes, maxTextChars: limits.maxTextChars },
    threadCount: threadCountOf(run),
    ...(signal ? { signal } : {}),
    ...(onProgress
      ? {
          onProgress: ({ lines }: { lines: number }) =>
            onProgress({ step: 'intake', done: lines, total: null }),
        }
      : {}),
  })
}

const threadCountOf = ({ threads }: Config['run']): number =>
  threads === 0 ? availableParallelism() : threads

export async function expandPlan(
  workspace: Workspace,
  corpus: Db,
  planNo: number,
  { expand: settings, run }: Config,
  { expandFieldCount, regroupsDropped, signal, onProgress }: PlanOptions,
): Promise<ExpandSummary> {
  const shape = {
    planNo,
    scope: settings.scope,
    maxMembers: settings.maxMembers,
    topK: settings.neighbours,
    scoreFloor: settings.scoreFloor,
    postingsCap: settings.postingsCap,
    threadCount: threadCountOf(run),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  }
  if (expandFieldCount === null) {
    // A concept must be named from one of the facts that are covered anew, or they could be dropped for ever.
    const again = regroupsDropped ? { round: planNo, hasContext: false } : {}
    return expand(corpus, {
      ...shape,
      mode: settings.mode,
      samplePerDomain: settings.samplePerDomain,
      ...again,
    })
  }
  const field = openDb(currentFieldPath(workspace), 'field', { mode: 'read' })
  try {
    return await expandField(corpus, field, { ...shape, concepts: expandFieldCount })
  } finally {
    field.close()
  }
}

/** The shard files of earlier plans; before the first one is done they hold nothing, or are not there. */
function shardsOf({ control }: Workspace, targets: readonly ShardTarget[]) {
  const plans = planQueries(control)
  const lineage = plans.knownLineage()
  if (lineage === undefined || plans.lastDone() === undefined) return []
  return targets.map(({ row, path }) => ({ meta: { lineage, ...row }, path }))
}
