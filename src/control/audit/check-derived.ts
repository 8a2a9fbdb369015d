/**
 * What SQL alone cannot tell of a shard: whether its outcomes follow from its answers, its deltas from its structures, and
 * its request keys from what was asked. All of it is computed again.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Db } from '../../../db/open.ts'
import { decisiveQuestions } from '../../../db/queries/asked-questions.ts'
import { storedDeltas } from '../../../db/queries/deltas.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import { storedWalkQueries } from '../../../db/queries/stored-walks.ts'
import { structureQueries } from '../../../db/queries/structures.ts'
import { canonicalJson } from '../../../schemas/canonical-json.ts'
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Material } from '../../../schemas/delta.ts'
import type { Sampling } from '../../../schemas/prompt.ts'
import type { Structure } from '../../../schemas/structure.ts'
import type { ModelTask } from '../../../schemas/task.ts'
import { requestKeyOf } from '../../llm/request-key.ts'
import { structureTask } from '../../passes/30-c-structure/task.ts'
import { materialise } from '../../passes/40-m-materialise/materialise.ts'
import { PASS_M_VERSION } from '../../passes/40-m-materialise/stage.ts'
import { signatureOf } from '../../runner/name-case.ts'
import { type ReplayedCluster, replayShard } from '../../runner/replay-shard.ts'
import type { Workspace } from '../workspace.ts'
import { type CheckResult, told } from './check-result.ts'

/** What decided answers, of each run. */
interface RunSettings {
  readonly relationTypes: readonly string[]
  readonly sampling: Sampling
}

export function checkDerived({ control }: Workspace, db: Db, file: string, config: Config): CheckResult[] {
  const runs = new Map(
    runQueries(control)
      .all()
      .map(({ runId, settings }) => [runId, settingsOf(settings, config)]),
  )
  const ways = distinct([
    config.structure.relationTypes,
    ...[...runs.values()].map((run) => run.relationTypes),
  ])
  const tasks = ways.map((relationTypes) => structureTask({ relationTypes }))
  const found: Record<(typeof DERIVED_CHECKS)[number], number> = {
    deltas_follow_from_structures: countStrayDeltas(db),
    outcomes_follow_from_answers: countStrayOutcomes(db, tasks, config),
    cases_are_grouped: countStrayGroups(db),
    request_keys_name_the_question: countStrayKeys(db, tasks, runs),
  }
  return DERIVED_CHECKS.map((name) => told({ name, claim: CLAIMS[name], file }, found[name], 0))
}

export const DERIVED_CHECKS = [
  'deltas_follow_from_structures',
  'outcomes_follow_from_answers',
  'cases_are_grouped',
  'request_keys_name_the_question',
] as const

const CLAIMS: Record<(typeof DERIVED_CHECKS)[number], string> = {
  deltas_follow_from_structures: 'the deltas are those of the structures',
  outcomes_follow_from_answers: 'the validators judge the stored answers as they stand',
  cases_are_grouped: 'a case has the group of its codes, findings and domain',
  request_keys_name_the_question: 'the request key of what decided a cluster is that of its question',
}

/** A run of before a setting was written down is taken to have had today's. */
function settingsOf(text: string, { structure, sampling }: Config): RunSettings {
  return { relationTypes: structure.relationTypes, sampling, ...(JSON.parse(text) as Partial<RunSettings>) }
}

const distinct = (lists: readonly (readonly string[])[]): (readonly string[])[] => [
  ...new Map(lists.map((list) => [JSON.stringify(list), list])).values(),
]

type Task = ModelTask<Cluster, Structure>

/** @returns clusters whose rows are others, and rows that belong to no structure */
function countStrayDeltas(db: Db): number {
  const stored = storedDeltas(db)
  let [stray, expectedRows] = [0, 0]
  for (const { cluster, structure } of structureQueries(db).materialised(PASS_M_VERSION)) {
    const found = stored.of(cluster.clusterId)
    const candidates = [false, true].flatMap((keepDomainsApart) => {
      const made = materialise({ cluster, structure, keepDomainsApart })
      return made.ok ? [asStored(made.value)] : []
    })
    expectedRows += candidates[0] === undefined ? 0 : Object.values(candidates[0]).flat().length
    if (!candidates.some((material) => isDeepStrictEqual(sorted(material), sorted(found)))) stray += 1
  }
  return stray + Math.abs(stored.count() - expectedRows)
}

type StoredMaterial = ReturnType<ReturnType<typeof storedDeltas>['of']>

const asStored = ({ concept, ...rest }: Material) => ({ concepts: [concept], ...rest })

const sorted = (material: StoredMaterial | ReturnType<typeof asStored>) =>
  Object.fromEntries(
    Object.entries(material).map(([table, rows]) => [table, rows.map((row) => canonicalJson(row)).sort()]),
  )

/**
 * A cluster is stray where no task of those that were in use judges its answers as they stand. What another version of
 * the validators judged is left to `replay`, which says what that changes.
 */
function countStrayOutcomes(db: Db, tasks: readonly Task[], config: Config): number {
  const { taskVersionOf } = structureQueries(db)
  const strayBy = tasks.map((task) => {
    const stray = new Set<string>()
    replayShard(db, { task, config, domain: null, guard: null }, (found) => {
      if (found.verdict === 'decided_by_person') return
      const version = taskVersionOf(found.clusterId)
      if (isStray(found, version !== undefined) && (version ?? task.version) === task.version)
        stray.add(found.clusterId)
    })
    return stray
  })
  const [first = new Set<string>(), ...others] = strayBy
  return [...first].filter((id) => others.every((stray) => stray.has(id))).length
}

/** What words a finding is told in may change; an answer that is not there, or a lane that was not set, decides nothing. */
function isStray({ verdict, before, after }: ReplayedCluster, isOk: boolean): boolean {
  if (verdict === 'unchanged') return false
  if (verdict === 'not_enough') return isOk && after.length > 0
  return verdict !== 'findings_differ' || !isDeepStrictEqual(before, after)
}

function countStrayGroups(db: Db): number {
  let stray = 0
  for (const { cluster, quarantine } of pagesOf(db))
    if (
      quarantine !== null &&
      quarantine.signature !== signatureOf(quarantine.codes, quarantine.findings, cluster.domain)
    )
      stray += 1
  return stray
}

const PAGE_CLUSTERS = 500

function* pagesOf(db: Db) {
  const walks = storedWalkQueries(db)
  for (let page = walks.pageAfter('', null, PAGE_CLUSTERS); page.length > 0; ) {
    yield* page
    page = walks.pageAfter(page.at(-1)!.cluster.clusterId, null, PAGE_CLUSTERS)
  }
}

/** Where another prompt was in use than those that can be written again, the question cannot be either. */
function countStrayKeys(db: Db, tasks: readonly Task[], runs: ReadonlyMap<number, RunSettings>): number {
  let stray = 0
  for (const { cluster, runId, provider, model, requestKey, promptDigest, schemaDigest } of decisiveQuestions(
    db,
  )) {
    const task = tasks.find(
      (one) => one.promptDigest === promptDigest && one.answerSchema.digest === schemaDigest,
    )
    const run = runs.get(runId)
    if (task === undefined || run === undefined) continue
    const request = {
      ...{ task: task.name, lane: 'primary' as const, model, answerLimitTokens: 0 },
      ...{ sampling: run.sampling, schema: task.answerSchema, messages: task.ask(cluster) },
    }
    if (requestKeyOf(provider, request) !== requestKey) stray += 1
  }
  return stray
}
