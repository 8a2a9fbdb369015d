/** The first view: is it well, how far is it, what does it cost, what needs a person. */
import { iterationQueries } from '../../../db/queries/iterations.ts'
import type { ShardBalance } from '../../../db/queries/kept-balance.ts'
import { leaseQueries } from '../../../db/queries/leases.ts'
import { planQueries } from '../../../db/queries/plans.ts'
import { type PastRun, runHistory } from '../../../db/queries/run-history.ts'
import type { RunUse } from '../../../db/queries/run-use.ts'
import type { ShardCensus } from '../../../db/queries/shard-census.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { GateVerdict } from '../../../schemas/gate.ts'
import type { Overview, RunLine, ShardTile } from '../../../schemas/page/overview.ts'
import { isAlive, shardScope } from '../../control/lease.ts'
import { filesOf, readHealth, readManifest } from '../../control/merge/field-files.ts'
import { MERGED, readPointer } from '../../control/merge/pointers.ts'
import { readRunManifest } from '../../control/review/read-run-manifest.ts'
import type { Visited } from '../../control/status/visit-shards.ts'
import type { Workspace } from '../../control/workspace.ts'
import { programVersion } from '../../version.ts'
import type { ProgressBook } from '../progress.ts'
import { alertsOf } from './alerts.ts'

export function overview(
  workspace: Workspace,
  visited: readonly Visited<ShardBalance>[],
  book: ProgressBook,
  atMs: number,
): Overview {
  const { control } = workspace
  const held = leaseQueries(control).held()
  const looks = visited.map((one) => ({
    shardNo: one.shard.shardNo,
    census: one.ok ? one.value.census : null,
    trouble: one.ok ? null : { code: one.failure.code, message: one.failure.message },
  }))
  book.note(atMs, looks)
  const rates = book.rates()
  const shards = looks.map(({ shardNo, census, trouble }): ShardTile => {
    const lease = held.find(({ scope }) => scope === shardScope(shardNo))
    return {
      shardNo,
      census: census === null ? null : numbersOf(census),
      clustersPerSecond: rates.ofShard.get(shardNo) ?? null,
      holder: lease?.holder ?? null,
      isHolderAlive: lease !== undefined && isAlive(lease),
      trouble,
    }
  })
  const totals = totalOf(looks.flatMap(({ census }) => census ?? []))
  const isWorkedOn = shards.some(({ isHolderAlive }) => isHolderAlive)
  const run = runOf(workspace, visited, isWorkedOn)
  const plan = planQueries(control).last()
  const about = {
    workspace: workspace.dir,
    version: programVersion(),
    atMs,
    plan: plan === undefined ? null : { planNo: plan.planNo, state: plan.state },
    run,
    totals,
    clustersPerSecond: rates.all,
    etaSeconds: rates.all === null || totals.todo === 0 ? null : totals.todo / rates.all,
    history: book.history(),
    shards,
    ...fieldOf(workspace),
    loop: loopOf(workspace),
    otherLeases: held.flatMap(({ scope, holder }) =>
      scope.startsWith('shard:') || holder === null ? [] : [{ scope, holder }],
    ),
  }
  return { ...about, alerts: alertsOf(about) }
}

const numbersOf = ({ seeds, todo, sweep, ok, quarantined, openAttempts, microUsd }: ShardCensus) => ({
  seeds,
  todo,
  sweep,
  ok,
  quarantined,
  inFlight: openAttempts,
  microUsd,
})

const NOTHING = {
  seeds: 0,
  todo: 0,
  sweep: 0,
  ok: 0,
  quarantined: 0,
  inFlight: 0,
  microUsd: 0,
  difference: 0,
}

function totalOf(all: readonly ShardCensus[]): Overview['totals'] {
  const total = { ...NOTHING }
  for (const census of all) {
    const numbers = { ...numbersOf(census), difference: census.difference }
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += numbers[name]
  }
  return total
}

export const runLine = ({ settings, ...row }: PastRun): RunLine => ({ ...row, model: modelOf(settings) })

/** Who answers first; what a run's settings hold is that of the version that began it. */
function modelOf(settings: string): string {
  const parsed = JSON.parse(settings) as { models?: { primary?: unknown } }
  return String(parsed.models?.primary ?? 'unknown')
}

function runOf(
  workspace: Workspace,
  visited: readonly Visited<ShardBalance>[],
  isWorkedOn: boolean,
): Overview['run'] {
  const [latest] = runHistory(workspace.control).before(null, 1)
  if (latest === undefined) return null
  const manifest = readRunManifest(workspace, latest.runTag)
  const used = visited
    .flatMap((one) => (one.ok ? one.value.use : []))
    .filter(({ runId }) => runId === latest.runId)
  const sum = (of: (use: RunUse) => number): number => used.reduce((total, use) => total + of(use), 0)
  return {
    ...runLine(latest),
    told: manifest?.state ?? null,
    stop: manifest?.stop ?? null,
    isWorkedOn,
    spentMicroUsd: sum(({ microUsd }) => microUsd),
    spentTokens: sum(({ tokens }) => tokens),
    spentCalls: sum(({ calls }) => calls),
  }
}

/** A field whose files cannot be read is told by health and audit; here there is none. */
function fieldOf({ fieldDir, currentDir }: Workspace): Pick<Overview, 'field' | 'gates'> {
  const none = { field: null, gates: [] as GateVerdict[] }
  try {
    const fieldTag = readPointer(currentDir, MERGED)
    if (fieldTag === null) return none
    const files = filesOf(fieldDir, fieldTag)
    const { field_digest: fieldDigest, complete: isComplete, counts } = readManifest(files)
    const { concepts, members, edges } = counts
    return {
      field: { fieldTag, fieldDigest, isComplete, concepts, members, edges },
      gates: readHealth(files).gates,
    }
  } catch (cause) {
    if (cause instanceof RffError) return none
    throw cause
  }
}

function loopOf({ control }: Workspace): Overview['loop'] {
  const iterations = iterationQueries(control)
  const { state, reason, strikes } = iterations.loop()
  const [last] = iterations.latest(1)
  return {
    state,
    reason,
    strikes,
    iteration:
      last === undefined ? null : { iterationNo: last.iterationNo, state: last.state, step: last.step },
  }
}
