/**
 * plan --dry-run: what a plan would make, without making it.
 *
 * The facts are taken in and covered in a folder of its own, on a copy of the corpus where there is one, so the
 * figures are the real ones and not an extrapolation; then the folder goes.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Db, openDb } from '../../../db/open.ts'
import { type PlannedCluster, plannedClusterQueries } from '../../../db/queries/planned-clusters.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { dryRunSummarySchema } from '../../../schemas/output/plan.ts'
import { estimateCost } from '../estimate/estimate-cost.ts'
import { estimatePrompts, strideFor } from '../estimate/estimate-prompts.ts'
import { laneMeters } from '../estimate/lane-meters.ts'
import { readHistory } from '../estimate/read-history.ts'
import type { Workspace } from '../workspace.ts'
import { expandPlan, takeIn } from './plan.ts'
import type { PlanOptions } from './plan-options.ts'

export type DryRunSummary = Inferred<typeof dryRunSummarySchema>

export async function dryRun(
  workspace: Workspace,
  config: Config,
  options: PlanOptions,
): Promise<DryRunSummary> {
  const dir = mkdtempSync(join(workspace.dir, 'dry-run-'))
  try {
    const path = join(dir, 'corpus.sqlite')
    copyCorpus(workspace.corpusPath, path)
    const corpus = openDb(path, 'corpus', { mode: 'create' })
    try {
      return await planOn(workspace, corpus, config, options)
    } finally {
      corpus.close()
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function copyCorpus(from: string, to: string): void {
  if (!existsSync(from)) return
  openDb(from, 'corpus', { mode: 'create' }).close() // the last connection folds the WAL into the file
  copyFileSync(from, to)
}

async function planOn(
  workspace: Workspace,
  corpus: Db,
  config: Config,
  options: PlanOptions,
): Promise<DryRunSummary> {
  const planNo =
    1 + (corpus.prepare<[], { n: number }>('SELECT coalesce(max(plan_no), 0) AS n FROM inputs').get()?.n ?? 0)
  const intake = options.inputs.length === 0 ? null : await takeIn(corpus, planNo, config, options)
  const expand = await expandPlan(workspace, corpus, planNo, config, options)
  const size = measure(corpus, planNo, config)
  const stride = strideFor(size.calls)
  const sample = everyNth(asked(corpus, planNo, config), stride)
  const meters = await laneMeters(config)
  const isFree = meters.primary.provider === 'rules'
  const prompts = estimatePrompts(sample, isFree ? 0 : size.calls, config, meters.primary, null)
  const cost = estimateCost(prompts, meters, readHistory(workspace, config, meters, null), config)
  corpus.pragma('wal_checkpoint(TRUNCATE)')
  const corpusBytes = statSync(corpus.name).size
  return { intake, expand, prompts, cost, corpusBytes, shardBytes: size.shardBytes }
}

/** Ids, keys and page overhead of a row beside its text; measured on the plans of the public corpora. */
const BYTES_PER_ROW = 150

function measure(corpus: Db, planNo: number, config: Config): { calls: number; shardBytes: number } {
  let calls = 0
  let shardBytes = 0
  for (const cluster of plannedClusterQueries(corpus).ofPlans({ after: planNo - 1, through: planNo })) {
    if (isAsked(cluster, config)) calls += 1
    for (const { text } of cluster.members) shardBytes += Buffer.byteLength(text) + BYTES_PER_ROW
  }
  return { calls, shardBytes }
}

const isAsked = ({ isLone }: PlannedCluster, { expand }: Config): boolean =>
  !isLone || expand.lone === 'model'

function* asked(corpus: Db, planNo: number, config: Config): Generator<PlannedCluster> {
  for (const cluster of plannedClusterQueries(corpus).ofPlans({ after: planNo - 1, through: planNo }))
    if (isAsked(cluster, config)) yield cluster
}

function* everyNth<T>(items: Iterable<T>, stride: number): Generator<T> {
  let at = 0
  for (const item of items) {
    if (at % stride === 0) yield item
    at += 1
  }
}
