/**
 * plan: a corpus of facts becomes shard files that a run can work through.
 *
 * Three steps (intake, expand, write), each idempotent and noted in the control file: a plan that was killed goes on
 * where it stopped when it is asked for again, and planning the same again changes nothing.
 */
import { createHash, randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { type Db, openDb } from '../../../db/open.ts'
import { planQueries } from '../../../db/queries/plans.ts'
import { shardQueries } from '../../../db/queries/shards.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import { cutKeySpace } from '../../../shards/hash-range.ts'
import { planVersions } from '../../pipeline.ts'
import { type ExpandSummary, expand } from '../expand/expand.ts'
import { expandField } from '../expand/expand-field.ts'
import { intake } from '../intake/intake.ts'
import type { IntakeSummary } from '../intake/intake-summary.ts'
import { claimLease, shardScope } from '../lease.ts'
import { currentFieldPath } from '../merge/current-field.ts'
import { withLease } from '../with-lease.ts'
import type { Workspace } from '../workspace.ts'
import { releaseDropped } from './release-dropped.ts'
import { type ShardTarget, type WrittenShards, writeShards } from './write-shards.ts'

export interface PlanOptions {
  /** Paths, or `-` for standard input. */
  readonly inputs: readonly string[]
  /** Column names of the input for ours: `{ text: 'statement' }`. */
  readonly map: Readonly<Record<string, string>>
  /** Only these domains; all if empty. */
  readonly domains: readonly string[]
  /** Facts that these inputs do not hold are removed. */
  readonly replace: boolean
  /** Any change to a planned fact is refused. */
  readonly frozen: boolean
  /** Clusters to grow from concepts of the current field. */
  readonly expandFieldCount: number | null
  /** Facts that no concept kept are covered anew. */
  readonly regroupsDropped: boolean
  /** Number of shards as the command line gave it; null where it did not. */
  readonly shardCount: number | null
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PlanProgress) => void
}

export interface PlanProgress {
  readonly step: 'intake' | 'expand' | 'write'
  readonly done: number
}

export interface PlanSummary {
  readonly planNo: number
  readonly intake: IntakeSummary | null
  /** Facts that no concept had kept and that are covered anew. */
  readonly released: number
  readonly expand: ExpandSummary | null
  readonly shards: WrittenShards & { readonly count: number }
}

/** @throws RffError of intake and expand, lock_held, plan_mismatch */
export async function plan(
  workspace: Workspace,
  config: Config,
  options: PlanOptions,
  nowMs: number,
): Promise<PlanSummary> {
  const watching = { leaseMs: config.run.leaseMs, nowMs: () => nowMs, signal: options.signal }
  return withLease(workspace.control, 'plan', watching, async ({ expectHeld }) => {
    const targets = claimShards(workspace, config, options, nowMs)
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
    const written = writeShards(corpus, planNo, lineage, targets)
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

export function takeIn(
  corpus: Db,
  planNo: number,
  { plan: limits }: Config,
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
    ...(signal ? { signal } : {}),
    ...(onProgress
      ? { onProgress: ({ lines }: { lines: number }) => onProgress({ step: 'intake', done: lines }) }
      : {}),
  })
}

export async function expandPlan(
  workspace: Workspace,
  corpus: Db,
  planNo: number,
  { expand: settings, run }: Config,
  { expandFieldCount, regroupsDropped, signal }: PlanOptions,
): Promise<ExpandSummary> {
  const shape = {
    planNo,
    scope: settings.scope,
    maxMembers: settings.maxMembers,
    topK: settings.neighbours,
    scoreFloor: settings.scoreFloor,
    postingsCap: settings.postingsCap,
    threadCount: run.threads,
    ...(signal ? { signal } : {}),
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

/** The same inputs and settings again are the same plan, as long as it is unfinished. */
function beginOrResume({ control }: Workspace, config: Config, options: PlanOptions, nowMs: number): number {
  const plans = planQueries(control)
  const digest = digestOf(config, options)
  const begin = control.transaction((): number => {
    const last = plans.last()
    if (last !== undefined && last.state !== 'done' && last.digest === digest) return last.planNo
    return plans.begin({ digest, settings: JSON.stringify(config), nowMs })
  })
  return begin.immediate()
}

function digestOf({ plan: planned, expand: expanded }: Config, options: PlanOptions): string {
  const { inputs, map, domains, replace, expandFieldCount, regroupsDropped } = options
  const seen = inputs.map((path) => {
    const stat = statSync(path.split('#')[0]!, { throwIfNoEntry: false })
    return [path, stat?.size ?? null, stat?.mtimeMs ?? null]
  })
  const text = JSON.stringify([
    planVersions(),
    seen,
    map,
    domains,
    replace,
    expandFieldCount,
    regroupsDropped,
    planned,
    expanded,
  ])
  return createHash('sha256').update(text).digest('hex')
}

/** The shard files of earlier plans; none before the first. */
function shardsOf({ control }: Workspace, targets: readonly ShardTarget[]) {
  const lineage = planQueries(control).knownLineage()
  return lineage === undefined ? [] : targets.map(({ row, path }) => ({ meta: { lineage, ...row }, path }))
}

type ClaimedShard = ShardTarget & { release(): void }

/**
 * Every shard is claimed before anything is written: a run that is under way is waited for, not disturbed.
 *
 * @throws RffError lock_held, plan_mismatch
 */
function claimShards(
  workspace: Workspace,
  config: Config,
  options: PlanOptions,
  nowMs: number,
): ClaimedShard[] {
  const { control } = workspace
  const shards = shardQueries(control)
  const cut = control.transaction(() => {
    if (shards.all().length > 0) return
    cutKeySpace(options.shardCount ?? config.plan.shards).forEach(({ first, last }, shardNo) => {
      shards.insert({ shardNo, keyFirst: first, keyLast: last })
    })
  })
  cut.immediate()
  const rows = shards.all()
  if (options.shardCount !== null && options.shardCount !== rows.length) {
    throw new RffError(
      'plan_mismatch',
      `${options.shardCount} shards asked for, but this workspace has ${rows.length}; plan --split N cuts one in two`,
    )
  }
  const claimed: ClaimedShard[] = []
  try {
    for (const row of rows) {
      const lease = claimLease(control, shardScope(row.shardNo), nowMs)
      claimed.push({
        row,
        path: workspace.shardPath(row.shardNo),
        epoch: lease.epoch,
        release: lease.release,
      })
    }
  } catch (cause) {
    for (const shard of claimed) shard.release()
    throw cause
  }
  return claimed
}
