/**
 * status: where the work stands, shard by shard, also while a run goes on and with a shard file missing.
 *
 * Numbers come from one snapshot per shard file; between two files a run may have moved on.
 */
import { leaseQueries } from '../../../db/queries/leases.ts'
import { planQueries } from '../../../db/queries/plans.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import { type ShardCensus, shardCensus } from '../../../db/queries/shard-census.ts'
import { type Failure, RffError } from '../../../schemas/failure.ts'
import { isAlive, shardScope } from '../lease.ts'
import { filesOf, readManifest } from '../merge/field-files.ts'
import { MERGED, readPointer } from '../merge/pointers.ts'
import type { Workspace } from '../workspace.ts'
import { visitShards } from './visit-shards.ts'

export interface ShardStatus {
  readonly shardNo: number
  /** null where the file cannot be read. */
  readonly census: ShardCensus | null
  /** Who holds the lease; null where nobody does. */
  readonly holder: string | null
  /** Whether the holder's process is there still; the shard of a dead one is taken over by the next run. */
  readonly isHolderAlive: boolean
  /** What is wrong with the file; null where nothing is. */
  readonly trouble: Failure | null
}

/** All null but `trouble` where the pointer or the manifest behind it cannot be read. */
export interface CurrentField {
  readonly fieldTag: string | null
  readonly fieldDigest: string | null
  readonly isComplete: boolean | null
  readonly trouble: Failure | null
}

export interface Status {
  readonly workspace: string
  readonly plan: { readonly planNo: number; readonly state: string } | null
  /** The open run, or the last one. */
  readonly run: {
    readonly runId: number
    readonly runTag: string
    readonly state: 'open' | 'closed'
    readonly settings: unknown
  } | null
  /** What MERGED points at. */
  readonly field: CurrentField | null
  readonly shards: readonly ShardStatus[]
  /** Over the shards that can be read. */
  readonly totals: ShardCensus
  /** Who plans or merges, if anybody does. */
  readonly otherLeases: readonly { readonly scope: string; readonly holder: string }[]
  readonly unreadableShards: number
}

export function status(workspace: Workspace): Status {
  const { control } = workspace
  const held = leaseQueries(control).held()
  const holding = (scope: string): Pick<ShardStatus, 'holder' | 'isHolderAlive'> => {
    const row = held.find((lease) => lease.scope === scope)
    return { holder: row?.holder ?? null, isHolderAlive: row !== undefined && isAlive(row) }
  }
  const shards = visitShards(workspace, shardCensus).map((visited): ShardStatus => {
    const { shardNo } = visited.shard
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

function runOf({ control }: Workspace): Status['run'] {
  const runs = runQueries(control)
  const row = runs.open('structure') ?? runs.latest()
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
