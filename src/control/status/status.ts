/**
 * status: where the work stands, shard by shard, also while a run goes on and with a shard file missing.
 *
 * Numbers come from one snapshot per shard file; between two files a run may have moved on.
 */

import { shardCensus } from '../../../db/queries/kept-balance.ts'
import { leaseQueries } from '../../../db/queries/leases.ts'
import { planQueries } from '../../../db/queries/plans.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import type { ShardCensus } from '../../../db/queries/shard-census.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { currentFieldSchema, shardStatusSchema, statusSchema } from '../../../schemas/output/status.ts'
import { STRUCTURE_TASK } from '../../passes/30-c-structure/task.ts'
import { isAlive, shardScope } from '../lease.ts'
import { filesOf, readManifest } from '../merge/field-files.ts'
import { MERGED, readPointer } from '../merge/pointers.ts'
import type { Workspace } from '../workspace.ts'
import type { ShardVisit } from './remember-shards.ts'
import { shardsOf, visitShard } from './visit-shards.ts'

export type ShardStatus = Inferred<typeof shardStatusSchema>

/** All null but `trouble` where the pointer or the manifest behind it cannot be read. */
export type CurrentField = Inferred<typeof currentFieldSchema>

export type Status = Inferred<typeof statusSchema>

/** @param visit who looks again and again remembers what has not changed (rememberShards) */
export function status(workspace: Workspace, visit: ShardVisit<ShardCensus> = visitCensus): Status {
  const { control } = workspace
  const held = leaseQueries(control).held()
  const holding = (scope: string): Pick<ShardStatus, 'holder' | 'isHolderAlive'> => {
    const row = held.find((lease) => lease.scope === scope)
    return { holder: row?.holder ?? null, isHolderAlive: row !== undefined && isAlive(row) }
  }
  const shards = shardsOf(workspace).map((shard): ShardStatus => {
    const { shardNo } = shard
    const visited = visit(workspace, shard)
    const about = { shardNo, ...holding(shardScope(shardNo)) }
    return visited.ok
      ? { ...about, census: visited.value, trouble: null }
      : { ...about, census: null, trouble: visited.failure }
  })
  const plan = planQueries(control).last()
  return {
    workspace: workspace.dir,
    plan: plan === undefined ? null : { planNo: plan.planNo, state: plan.state },
    run: runOf(workspace),
    field: currentField(workspace),
    shards,
    totals: shards.reduce((total, { census }) => (census === null ? total : add(total, census)), NOTHING),
    otherLeases: held.flatMap(({ scope, holder }) =>
      scope.startsWith('shard:') || holder === null ? [] : [{ scope, holder }],
    ),
    unreadableShards: shards.filter(({ trouble }) => trouble !== null).length,
  }
}

const visitCensus: ShardVisit<ShardCensus> = (workspace, shard) => visitShard(workspace, shard, shardCensus)

function runOf({ control }: Workspace): Status['run'] {
  const runs = runQueries(control)
  const row = runs.open(STRUCTURE_TASK) ?? runs.latest()
  if (row === undefined) return null
  const { runId, runTag, state, settings } = row
  return { runId, runTag, state, settings: JSON.parse(settings) as unknown }
}

function currentField({ fieldDir, currentDir }: Workspace): CurrentField | null {
  try {
    const fieldTag = readPointer(currentDir, MERGED)
    if (fieldTag === null) return null
    const { field_digest, complete } = readManifest(filesOf(fieldDir, fieldTag))
    return { fieldTag, fieldDigest: field_digest, isComplete: complete, trouble: null }
  } catch (cause) {
    if (!(cause instanceof RffError)) throw cause
    const { code, message } = cause
    return { fieldTag: null, fieldDigest: null, isComplete: null, trouble: { code, message } }
  }
}

const NOTHING: ShardCensus = {
  seeds: 0,
  todo: 0,
  sweep: 0,
  ok: 0,
  quarantined: 0,
  difference: 0,
  openAttempts: 0,
  answers: 0,
  microUsd: 0,
  unmaterialised: 0,
}

function add(a: ShardCensus, b: ShardCensus): ShardCensus {
  const names = Object.keys(NOTHING) as (keyof ShardCensus)[]
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as ShardCensus
}
