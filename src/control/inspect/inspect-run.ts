/** A run or a shard: what it was asked, how far it came, what it cost, what went wrong. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { shardCensus } from '../../../db/queries/kept-balance.ts'
import { leaseQueries } from '../../../db/queries/leases.ts'
import { type CodeCount, quarantineGroups } from '../../../db/queries/quarantine-groups.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import { shardErrors } from '../../../db/queries/shard-errors.ts'
import { shardMetaQueries } from '../../../db/queries/shard-meta.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { runDossierSchema, shardDossierSchema } from '../../../schemas/output/inspect.ts'
import { shardScope } from '../lease.ts'
import { spend } from '../status/spend.ts'
import { shardsOf, splitVisited, visitShard, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'

export type RunDossier = Inferred<typeof runDossierSchema>

/** @param name its tag, or its number */
export function inspectRun(workspace: Workspace, name: string): RunDossier | undefined {
  const row = runQueries(workspace.control)
    .all()
    .find(({ runTag, runId }) => runTag === name || String(runId) === name)
  if (row === undefined) return undefined
  const { sweepThroughKey: _, settings, ...run } = row
  const { values, unreadable } = splitVisited(
    visitShards(workspace, (db) => {
      const groups = quarantineGroups(db)
      return { outcomes: groups.outcomes(run.runId), codes: groups.codes(run.runId) }
    }),
  )
  const dir = workspace.runDir(run.runTag)
  return {
    kind: 'run',
    ...run,
    settings: JSON.parse(settings) as unknown,
    outcomes: {
      ok: values.reduce((sum, { outcomes }) => sum + outcomes.ok, 0),
      quarantined: values.reduce((sum, { outcomes }) => sum + outcomes.quarantined, 0),
    },
    codes: addUp(values.flatMap(({ codes }) => codes)),
    spend: spend(workspace).rows.filter(({ runId }) => runId === run.runId),
    files: existsSync(dir) ? readdirSync(dir).sort() : [],
    unreadable,
  }
}

function addUp(rows: readonly CodeCount[]): CodeCount[] {
  const counts = new Map<CodeCount['code'], number>()
  for (const { code, cases } of rows) counts.set(code, (counts.get(code) ?? 0) + cases)
  return [...counts].map(([code, cases]) => ({ code, cases })).sort((a, b) => (a.code < b.code ? -1 : 1))
}

export type ShardDossier = Inferred<typeof shardDossierSchema>

export function inspectShard(workspace: Workspace, shardNo: number): ShardDossier | undefined {
  const shard = shardsOf(workspace).find((row) => row.shardNo === shardNo)
  if (shard === undefined) return undefined
  const path = workspace.shardPath(shardNo)
  const visited = visitShard(workspace, shard, (db) => {
    const meta = shardMetaQueries(db)
    return { census: shardCensus(db), epoch: meta.epoch(), planNo: meta.planNo(), errors: shardErrors(db) }
  })
  const unread = { census: null, epoch: null, planNo: null, errors: [] }
  return {
    kind: 'shard',
    shardNo,
    path,
    bytes: statSync(path, { throwIfNoEntry: false })?.size ?? null,
    keyFirst: String(shard.keyFirst),
    keyLast: String(shard.keyLast),
    lineage: shard.lineage,
    holder: leaseQueries(workspace.control).get(shardScope(shardNo))?.holder ?? null,
    ...(visited.ok ? visited.value : unread),
    trouble: visited.ok ? null : `${visited.failure.code}: ${visited.failure.message}`,
  }
}
