/**
 * A person's structure for a case: judged by the validators of the models' answers, and by no salvage, since a person
 * can be asked. It stands like an answer from then on, marked as a person's; the next merge takes it.
 */
import type { Db } from '../../../db/open.ts'
import { clusterRecords } from '../../../db/queries/cluster-record.ts'
import { deltaQueries } from '../../../db/queries/deltas.ts'
import { outcomeQueries } from '../../../db/queries/outcomes.ts'
import { quarantineQueries } from '../../../db/queries/quarantine.ts'
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Finding } from '../../../schemas/finding.ts'
import type { Structure } from '../../../schemas/structure.ts'
import type { ModelTask } from '../../../schemas/task.ts'
import { structureTask } from '../../passes/30-c-structure/task.ts'
import { judge } from '../../runner/judge.ts'
import { changeShard } from '../change-shard.ts'
import { followOutcomes } from '../follow-outcomes.ts'
import { lockHeld, shardScope } from '../lease.ts'
import { shardsOf } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { ALL_CASES, listCases } from './list-cases.ts'
import { expectNote } from './mark-cases.ts'

export interface Correction {
  readonly clusterId: string
  /** JSON with the fields of the answer schema, as docs/states.md and `quarantine show` have them. */
  readonly text: string
  /** What is to be remembered about it; may be empty. */
  readonly note: string
}

export type Corrected =
  | { readonly ok: true; readonly clusterId: string; readonly shardNo: number; readonly conceptName: string }
  | { readonly ok: false; readonly clusterId: string; readonly findings: readonly Finding[] }

/**
 * Nothing is written unless the structure is good.
 *
 * @throws RffError not_found where the cluster is no case; case_decided where it is to do again; lock_held with the
 * holder of its shard
 */
export function correctCase(
  workspace: Workspace,
  config: Config,
  { clusterId, text, note: given }: Correction,
  nowMs: number,
): Corrected {
  const note = expectNote(given)
  const task = structureTask({ relationTypes: config.structure.relationTypes })
  const shardNo = shardOf(workspace, clusterId)
  const shard = shardsOf(workspace).find((one) => one.shardNo === shardNo)!
  const changed = changeShard(workspace, shard, nowMs, (db, guard): Corrected => {
    const judgement = judgeByPerson(task, readCase(db, clusterId), text)
    if (!judgement.ok) return { ok: false, clusterId, findings: judgement.findings }
    const runId = writeCorrection(db, task, { clusterId, structure: judgement.structure, note, guard })
    followOutcomes(workspace, config, db, { shardNo, runIds: new Set([runId]), guard })
    return { ok: true, clusterId, shardNo, conceptName: judgement.structure.concept.name }
  })
  if ('heldBy' in changed) throw lockHeld(shardScope(shardNo), changed.heldBy)
  if (!changed.ok) throw new RffError(changed.failure.code, changed.failure.message)
  return changed.value
}

function shardOf(workspace: Workspace, clusterId: string): number {
  const { cases } = listCases(workspace, { ...ALL_CASES, clusterIds: [clusterId] })
  if (cases[0] === undefined)
    throw new RffError('not_found', `no case in quarantine for ${clusterId} (see quarantine ls)`)
  return cases[0].shardNo
}

/** @throws RffError case_decided where a run has its turn with it */
export function readCase(db: Db, clusterId: string): Cluster {
  const record = clusterRecords(db).cluster(clusterId)
  const state = record?.quarantine?.state
  if (record === undefined || state === undefined || state === 'retried')
    throw new RffError(
      'case_decided',
      `${clusterId} is ${state ?? 'no case any more'}, expected one that is quarantined, accepted_missing, needs_review or corrected`,
    )
  const { seedFactId, round, domain, isLone, members } = record
  return { clusterId, seedFactId, round, domain, isLone, members }
}

type PersonsJudgement =
  | { readonly ok: true; readonly structure: Structure }
  | { readonly ok: false; readonly findings: readonly Finding[] }

export function judgeByPerson(
  task: ModelTask<Cluster, Structure>,
  cluster: Cluster,
  text: string,
): PersonsJudgement {
  const unsalvaged = { ...task, salvage: (answer: Structure) => ({ answer, codes: [] }) }
  const judgement = judge(unsalvaged, cluster, { text, finishReason: 'stop' })
  return judgement.verdict === 'bad'
    ? { ok: false, findings: judgement.findings }
    : { ok: true, structure: judgement.answer }
}

interface GoodCorrection {
  readonly clusterId: string
  readonly structure: Structure
  readonly note: string
  readonly guard: () => void
}

/** @returns the run that had decided the case: its lines tell of the correction */
function writeCorrection(
  db: Db,
  { version }: ModelTask<Cluster, Structure>,
  { clusterId, structure, note, guard }: GoodCorrection,
): number {
  const cases = quarantineQueries(db)
  const write = db.transaction((): number => {
    guard()
    const { seedFactId } = readCase(db, clusterId)
    const runId = cases.decidedBy(clusterId)!
    deltaQueries(db).remove(clusterId)
    outcomeQueries(db).correct({ clusterId, seedFactId, runId }, structure, version)
    cases.markCorrected(clusterId, note)
    return runId
  })
  return write.immediate()
}
