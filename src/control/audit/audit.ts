/**
 * audit: every invariant of every file, by the same SQL that a person can run with `sqlite3`.
 *
 * Reads only, also while a run goes on; what cannot hold while somebody works on a shard is skipped there, and said.
 */
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { openDb } from '../../../db/open.ts'
import { leaseQueries } from '../../../db/queries/leases.ts'
import { plannedSeeds } from '../../../db/queries/planned-seeds.ts'
import { planQueries } from '../../../db/queries/plans.ts'
import type { Derivations } from '../../../db/queries/run-check.ts'
import { countCensus } from '../../../db/queries/shard-census.ts'
import { type Config, configSchema } from '../../../schemas/config.ts'
import { clusterIdOf, conceptIdOf, edgeIdOf } from '../../../schemas/ids.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { auditReportSchema } from '../../../schemas/output/audit.ts'
import { loadHashKey } from '../../../shards/hash-key.ts'
import { normaliseName } from '../../language/normalise-name.ts'
import { shardScope } from '../lease.ts'
import { shardsOf, splitVisited, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { checkCurrentField } from './check-current-field.ts'
import { checkDerived } from './check-derived.ts'
import { type AuditOptions, checkFile } from './check-file.ts'
import { type CheckResult, told } from './check-result.ts'

export type AuditReport = Inferred<typeof auditReportSchema>

/**
 * @param settings deep: every row and page is read, and what can be derived (hashes, ids, digests, deltas) derived again;
 *   config: of today, since some of it decides what answers are worth
 */
export async function audit(
  workspace: Workspace,
  { isDeep, config = configSchema.parse({}) }: { readonly isDeep: boolean; readonly config?: Config },
): Promise<AuditReport> {
  const { control, corpusPath } = workspace
  const plan = planQueries(control).last()
  const options: AuditOptions = {
    isDeep,
    config,
    derivations: derivationsWith(await loadHashKey()),
    isPlanned: plan?.state === 'done',
  }
  if (plan === undefined)
    return reportOf(
      isDeep,
      checkFile(workspace, 'control', control.name, null, { ...options, isDeep: false }),
    )
  const held = leaseQueries(control).held()
  const holderOf = (scope: string): string | null => held.find((row) => row.scope === scope)?.holder ?? null
  return reportOf(isDeep, [
    ...checkFile(workspace, 'control', control.name, null, options),
    ...checkFile(workspace, 'corpus', corpusPath, holderOf('plan'), options),
    ...shardsOf(workspace).flatMap(({ shardNo }) =>
      checkFile(
        workspace,
        'shard',
        workspace.shardPath(shardNo),
        holderOf(shardScope(shardNo)),
        options,
        (db, file) => (isDeep ? checkDerived(workspace, db, file, config) : []),
      ),
    ),
    ...checkShardsTogether(workspace, options),
    ...checkCurrentField(workspace, options),
    // Where nobody ever asked for vectors there is no such file.
    ...(existsSync(workspace.embeddingsPath)
      ? checkFile(workspace, 'embeddings', workspace.embeddingsPath, holderOf('embed'), options)
      : []),
  ])
}

const derivationsWith = (keyOf: (factId: string) => bigint): Derivations => ({
  rff_key: keyOf,
  rff_cluster_id: (seedFactId, round) => clusterIdOf(seedFactId, Number(round), keyOf(seedFactId)),
  rff_concept_id: conceptIdOf,
  rff_edge_id: edgeIdOf,
  rff_normalised: normaliseName,
})

const reportOf = (isDeep: boolean, checks: readonly CheckResult[]): AuditReport => ({
  isDeep,
  checks,
  passed: checks.filter(({ passed }) => passed).length,
  failed: checks.filter(({ passed, skipped }) => !passed && skipped === null).length,
  skipped: checks.filter(({ skipped }) => skipped !== null).length,
})

/** The law over all files at once: what the plan made is to do, ok or quarantined, somewhere. */
function checkShardsTogether(workspace: Workspace, { isPlanned }: AuditOptions): CheckResult[] {
  const { values, unreadable } = splitVisited(visitShards(workspace, countCensus))
  if (!isPlanned || unreadable.length > 0) return unreadable.map(wrongShard(workspace))
  const corpus = openDb(workspace.corpusPath, 'corpus', { mode: 'read' })
  try {
    const accounted = values.reduce((sum, { todo, ok, quarantined }) => sum + todo + ok + quarantined, 0)
    const claim = 'all seeds of the plan = todo + ok + quarantined, over all shards'
    return [told({ name: 'conservation_in_all', claim, file: 'shards' }, accounted, plannedSeeds(corpus))]
  } finally {
    corpus.close()
  }
}

/** A file may open and yet be another shard's. */
const wrongShard =
  (workspace: Workspace) =>
  ({ shardNo, code, message }: { shardNo: number; code: string; message: string }): CheckResult =>
    told(
      {
        name: 'shard_is_the_one_meant',
        claim: 'the file is the shard of this plan that its name says',
        file: relative(workspace.dir, workspace.shardPath(shardNo)),
      },
      `${code}: ${message}`,
      'it is',
    )
