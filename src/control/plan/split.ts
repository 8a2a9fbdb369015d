/**
 * plan --split N: one shard becomes two, and no other is touched.
 *
 * The children are built under temporary names and made durable; they get their names, then one control transaction
 * switches the ranges. Until then the parent is the truth, whatever dies; afterwards it is kept beside them under
 * another name.
 */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { type Db, openDb } from '../../../db/open.ts'
import { attemptQueries } from '../../../db/queries/attempts.ts'
import { batchQueries } from '../../../db/queries/batches.ts'
import { controlGrantQueries } from '../../../db/queries/control-grants.ts'
import { keepBalance } from '../../../db/queries/kept-balance.ts'
import { outcomeQueries } from '../../../db/queries/outcomes.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import { shardGrantQueries } from '../../../db/queries/shard-grants.ts'
import { type ShardMeta, shardMetaQueries } from '../../../db/queries/shard-meta.ts'
import { shardQueries } from '../../../db/queries/shards.ts'
import { copyHalf } from '../../../db/queries/split-shard.ts'
import { NO_COST } from '../../../schemas/budget.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { splitSummarySchema } from '../../../schemas/output/plan.ts'
import { halve, type KeyRange } from '../../../shards/hash-range.ts'
import { createShard, openShard, seal, syncDirectory } from '../../../shards/lifecycle.ts'
import { plural } from '../../language/counted.ts'
import { STRUCTURE_TASK } from '../../passes/30-c-structure/task.ts'
import { writeOutcomeLines } from '../../runner/write-outcome-lines.ts'
import { claimLease, shardScope } from '../lease.ts'
import { knownShards } from '../run/claim-shards.ts'
import type { Workspace } from '../workspace.ts'
import { finishSplits } from './finish-splits.ts'

export type SplitSummary = Inferred<typeof splitSummarySchema>

/** @throws RffError shard_unknown, lock_held, plan_bad_count, batches_pending */
export function splitShard(workspace: Workspace, parentNo: number, nowMs: number): SplitSummary {
  const plan = claimLease(workspace.control, 'plan', nowMs)
  try {
    finishSplits(workspace)
    const lease = claimLease(workspace.control, shardScope(parentNo), nowMs)
    try {
      return splitUnderLease(workspace, parentNo, lease.epoch)
    } finally {
      lease.release()
    }
  } finally {
    plan.release()
  }
}

function splitUnderLease(workspace: Workspace, parentNo: number, epoch: number): SplitSummary {
  const parent = knownShards(workspace).find(({ shardNo }) => shardNo === parentNo)
  if (parent === undefined) throw new RffError('shard_unknown', `there is no shard ${parentNo}`)
  const parentPath = workspace.shardPath(parentNo)
  const { planNo, runIds } = settle(workspace, parent, epoch)
  const shards = shardQueries(workspace.control)
  const firstNo = shards.nextNo()
  const children = halve({ first: parent.keyFirst, last: parent.keyLast }).map((range, at) =>
    buildChild({
      workspace,
      parentPath,
      lineage: parent.lineage,
      shardNo: firstNo + at,
      range,
      isFirst: at === 0,
      planNo,
    }),
  )
  for (const { path, temporary } of children) renameSync(temporary, path)
  syncDirectory(workspace.shardsDir)
  const grants = controlGrantQueries(workspace.control)
  const switchRanges = workspace.control.transaction(() => {
    for (const { shardNo, range } of children) {
      shards.insert({ shardNo, keyFirst: range.first, keyLast: range.last })
    }
    for (const runId of runIds) {
      const halves = children.map(({ shardNo, booked }) => ({
        shardNo,
        booked: booked.get(runId) ?? NO_COST,
      }))
      grants.handOver(runId, parentNo, halves)
    }
    shards.setState(parentNo, 'split')
  })
  switchRanges.immediate()
  for (const child of children) takeGrants(workspace, child, runIds)
  finishSplits(workspace)
  return { parentNo, children: children.map(({ shardNo, clusters }) => ({ shardNo, clusters })) }
}

/**
 * Takes the parent over, so that nobody writes into it any more, books what was in flight, ends its files for people, and
 * folds its WAL in.
 */
function settle(
  workspace: Workspace,
  meta: ShardMeta,
  epoch: number,
): { planNo: number; runIds: readonly number[] } {
  const db = openShard(workspace.shardPath(meta.shardNo), meta, 'write')
  const queries = shardMetaQueries(db)
  queries.takeOver(epoch)
  db.transaction(() => {
    queries.expectEpoch(epoch)
    attemptQueries(db).markInFlightUnknown()
  }).immediate()
  writeLastLines(workspace, db, meta.shardNo, () => queries.expectEpoch(epoch))
  const settled = { planNo: queries.planNo(), runIds: shardGrantQueries(db).runIds() }
  const batchCount = batchQueries(db).open().length
  seal(db)
  if (batchCount === 0) return settled
  throw new RffError(
    'batches_pending',
    `shard ${meta.shardNo} has ${plural(batchCount, 'batch', 'batches')} under way, and a batch belongs to one shard; fetch them first`,
  )
}

/** Of the open run: what its process had not come to, and nothing that a dead one left behind its cursor. */
function writeLastLines(workspace: Workspace, db: Db, shardNo: number, guard: () => void): void {
  const open = runQueries(workspace.control).open(STRUCTURE_TASK)
  if (open === undefined) return
  writeOutcomeLines(db, { runId: open.runId, shardNo, dir: workspace.runDir(open.runTag), guard })
}

interface ChildPlan {
  readonly workspace: Workspace
  readonly parentPath: string
  readonly lineage: string
  readonly shardNo: number
  readonly range: KeyRange
  readonly isFirst: boolean
  readonly planNo: number
}

function buildChild({ workspace, parentPath, lineage, shardNo, range, isFirst, planNo }: ChildPlan) {
  const path = workspace.shardPath(shardNo)
  const temporary = `${path}.building`
  for (const leftover of ['', '-wal', '-shm'])
    if (existsSync(temporary + leftover)) rmSync(temporary + leftover)
  const db = createShard(temporary, { lineage, shardNo, keyFirst: range.first, keyLast: range.last })
  copyHalf(db, parentPath, range.first, range.last, isFirst)
  keepBalance(db, () => shardMetaQueries(db).setPlanNo(planNo))
  const { seeds: clusters } = outcomeQueries(db).conservation()
  const grants = shardGrantQueries(db)
  const booked = new Map(grants.runIds().map((runId) => [runId, grants.booked(runId)]))
  seal(db)
  return { path, temporary, shardNo, range, clusters, booked }
}

/** What control has given the child stands in its file too; were it not there yet, the next run would bring it. */
function takeGrants(
  { control }: Workspace,
  { path, shardNo }: { path: string; shardNo: number },
  runIds: readonly number[],
): void {
  const outstanding = controlGrantQueries(control)
  const db = openDb(path, 'shard', { mode: 'write' })
  const grants = shardGrantQueries(db)
  db.transaction(() => {
    for (const runId of runIds)
      for (const grant of outstanding.outstanding(runId, shardNo)) grants.take(runId, grant)
  }).immediate()
  seal(db)
}
