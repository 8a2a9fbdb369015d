/**
 * A small workspace with real files whose every row a test knows: two physics clusters and a lone fact, in two shards.
 *
 * Facts and clusters are written as a plan would write them, outcomes as a run would, so that what reads them can be
 * tested without either.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, openDb } from '../../db/open.ts'
import { attemptQueries, type Intent } from '../../db/queries/attempts.ts'
import { factQueries } from '../../db/queries/facts.ts'
import { inputQueries } from '../../db/queries/inputs.ts'
import { outcomeQueries } from '../../db/queries/outcomes.ts'
import { planQueries } from '../../db/queries/plans.ts'
import { runQueries } from '../../db/queries/runs.ts'
import { shardMetaQueries } from '../../db/queries/shard-meta.ts'
import { shardQueries } from '../../db/queries/shards.ts'
import type { FailureCode } from '../../schemas/failure.ts'
import type { Finding } from '../../schemas/finding.ts'
import type { Structure } from '../../schemas/structure.ts'
import { loadHashKey } from '../../shards/hash-key.ts'
import { cutKeySpace, rangeOf } from '../../shards/hash-range.ts'
import { openShard, seal } from '../../shards/lifecycle.ts'
import { claimLease, shardScope } from '../../src/control/lease.ts'
import { writeShards } from '../../src/control/plan/write-shards.ts'
import { openWorkspace, type Workspace } from '../../src/control/workspace.ts'
import { passM } from '../../src/passes/40-m-materialise/stage.ts'
import { signatureOf } from '../../src/runner/name-case.ts'
import { runStage } from '../../src/runner/run-stage.ts'
import { firstClusterIdOf } from './cluster-id.ts'

export interface PlannedFact {
  readonly factId: string
  readonly dupGroupId?: string
  readonly domain?: string
  readonly text: string
}

/** The first fact is the seed. */
export type PlannedGroup = readonly PlannedFact[]

const HEAT: PlannedGroup = [
  { factId: 'heat-1', text: 'Heat is energy that flows from a hotter body to a colder one.' },
  { factId: 'heat-2', text: 'Heat is measured in joules.' },
  { factId: 'heat-3', text: 'The flow of heat depends on a difference in temperature.' },
]
const LIGHT: PlannedGroup = [
  { factId: 'light-1', text: 'Light is an electromagnetic wave.', domain: 'Optics' },
  { factId: 'light-2', text: 'Light is refracted at the surface of glass.', domain: 'Optics' },
]
const LONE: PlannedGroup = [{ factId: 'ring-1', text: 'A ring has a zero.', domain: 'science/Rings' }]
export const GROUPS: readonly PlannedGroup[] = [HEAT, LIGHT, LONE]
/** Says the same as heat-2. */
const DUPLICATE: PlannedFact = {
  factId: 'heat-2b',
  dupGroupId: 'heat-2',
  text: 'The joule is the unit in which heat is measured.',
}

export const structureOfHeat: Structure = {
  concept: { name: 'Heat', gloss: 'energy that flows', aliases: ['heat flow'], canonical_i: 0 },
  members: [
    { i: 0, role: 'definition' },
    { i: 1, role: 'property' },
  ],
  dropped: [{ i: 2, reason: 'about temperature' }],
  relations: [{ src_i: 1, dst_i: 0, rel_type: 'refines', support_i_list: [0, 1] }],
  links: [{ name: 'temperature', rel_type: 'depends_on', support_i_list: [0] }],
}

export interface HandMade {
  readonly workspace: Workspace
  readonly runId: number
  readonly runTag: string
  clusterIdOf(seedFactId: string): string
  shardNoOf(seedFactId: string): number
  /** Opens the shard of a seed for writing, as a test that breaks something does. */
  change(seedFactId: string, change: (db: Db) => void): void
  changeCorpus(change: (db: Db) => void): void
  accept(seedFactId: string, structure: Structure): number
  setAside(seedFactId: string, findings: readonly Finding[], answer?: string): number
  /** An attempt whose request is still on its way. */
  send(seedFactId: string, reservedMicroUsd?: number): number
  remove(): void
}

export const RUN_TAG = '20260102_030405'

export async function makeWorkspace({ shardCount = 2, groups = GROUPS } = {}): Promise<HandMade> {
  const dir = mkdtempSync(join(tmpdir(), 'rff-workspace-'))
  const workspace = openWorkspace(join(dir, 'rff'), 'create')
  const keyOf = await loadHashKey()
  const ranges = cutKeySpace(shardCount)
  const { control } = workspace
  for (const [shardNo, range] of ranges.entries())
    shardQueries(control).insert({ shardNo, keyFirst: range.first, keyLast: range.last })
  const plans = planQueries(control)
  const planNo = plans.begin({ digest: 'hand-made', settings: '{}', nowMs: 0 })
  const corpus = openDb(workspace.corpusPath, 'corpus', { mode: 'create' })
  writeCorpus(corpus, planNo, groups, keyOf)
  const lineage = plans.lineage(() => 'lineage')
  const targets = shardQueries(control)
    .all()
    .map((row) => {
      const lease = claimLease(control, shardScope(row.shardNo), 0)
      return { row, path: workspace.shardPath(row.shardNo), epoch: lease.epoch, release: lease.release }
    })
  writeShards(corpus, { after: planNo - 1, through: planNo }, lineage, targets)
  for (const target of targets) target.release()
  plans.advance(planNo, 'done', null)
  corpus.close()
  const runId = runQueries(control).begin({
    runTag: RUN_TAG,
    planNo,
    task: 'structure',
    settings: '{"models":{"primary":"rules"}}',
    nowMs: 0,
  })
  return handles(dir, workspace, runId, (factId) => rangeOf(ranges, keyOf(factId)))
}

function writeCorpus(
  corpus: Db,
  planNo: number,
  groups: readonly PlannedGroup[],
  keyOf: (factId: string) => bigint,
): void {
  const facts = factQueries(corpus)
  inputQueries(corpus).insert({ planNo, path: 'facts.jsonl', format: 'jsonl' })
  const planned = [...groups.flat(), ...(groups === GROUPS ? [DUPLICATE] : [])]
  for (const [at, { factId, dupGroupId = factId, domain = 'Thermodynamics', text }] of planned.entries()) {
    const fact = { factId, dupGroupId, domain, text, source: `book, page ${at + 1}` }
    facts.insert(fact, keyOf(factId), { inputNo: 1, byteOffset: at * 100, lineNumber: at + 1 })
  }
  corpus
    .prepare('UPDATE inputs SET lines = @n, added = @n, is_complete = 1 WHERE input_no = 1')
    .run({ n: planned.length })
  const numberOf = (factId: string): number => facts.find(factId)!.factNo
  const cluster = corpus.prepare(
    'INSERT INTO clusters (cluster_id, seed_fact_no, round, plan_no) VALUES (?, ?, 0, ?)',
  )
  const member = corpus.prepare('INSERT INTO cluster_facts VALUES (?, ?, ?, ?)')
  const cover = corpus.prepare('INSERT INTO coverage (fact_no, role, cluster_id) VALUES (?, ?, ?)')
  for (const group of groups) {
    const clusterId = firstClusterIdOf(group[0]!.factId)
    cluster.run(clusterId, numberOf(group[0]!.factId), planNo)
    for (const [i, { factId }] of group.entries()) {
      const standing = i === 0 ? 'seed' : 'member'
      member.run(clusterId, i, numberOf(factId), standing)
      cover.run(numberOf(factId), standing, clusterId)
    }
  }
  if (groups === GROUPS)
    corpus
      .prepare("INSERT INTO coverage (fact_no, role, representative_fact_no) VALUES (?, 'duplicate', ?)")
      .run(numberOf('heat-2b'), numberOf('heat-2'))
}

function handles(
  dir: string,
  workspace: Workspace,
  runId: number,
  shardNoOf: (seedFactId: string) => number,
): HandMade {
  const change = (seedFactId: string, act: (db: Db) => void): void => {
    const row = shardQueries(workspace.control).all()[shardNoOf(seedFactId)]!
    const db = openShard(workspace.shardPath(row.shardNo), { ...row, lineage: 'lineage' }, 'write')
    try {
      shardMetaQueries(db).takeOver(shardMetaQueries(db).epoch()) // as every writer does
      act(db)
    } finally {
      seal(db)
    }
  }
  let sent = 0
  const ask = (
    db: Db,
    seedFactId: string,
    reservedMicroUsd: number,
  ): { attemptId: number; intent: Intent } => {
    sent += 1
    const attemptId = shardNoOf(seedFactId) * 2 ** 36 + sent
    const intent = intentFor(firstClusterIdOf(seedFactId), runId, reservedMicroUsd)
    attemptQueries(db).intend(attemptId, intent)
    return { attemptId, intent }
  }
  const answered = (db: Db, seedFactId: string, answer: string, codes: readonly FailureCode[]): number => {
    const { attemptId, intent } = ask(db, seedFactId, 500)
    const attempts = attemptQueries(db)
    attempts.settle(attemptId, intent.requestKey, { ...ANSWER, text: answer }, 300)
    attempts.judged(attemptId, codes.length === 0 ? 'ok' : 'bad', codes, 1)
    return attemptId
  }
  return {
    workspace,
    runId,
    runTag: RUN_TAG,
    shardNoOf,
    clusterIdOf: firstClusterIdOf,
    change,
    changeCorpus(act) {
      const corpus = openDb(workspace.corpusPath, 'corpus', { mode: 'write' })
      act(corpus)
      corpus.close()
    },
    accept(seedFactId, structure) {
      let attemptId = 0
      change(seedFactId, (db) => {
        attemptId = answered(db, seedFactId, JSON.stringify(structure), [])
        const clusterId = firstClusterIdOf(seedFactId)
        outcomeQueries(db).accept(
          { clusterId, seedFactId, outcome: 'ok', attemptId, runId },
          { clusterId, attemptId, structure, salvaged: [], taskVersion: 1 },
        )
        runStage(db, passM({ keepDomainsApart: false }), () => undefined)
      })
      return attemptId
    },
    setAside(seedFactId, findings, answer = '{"concept":') {
      let attemptId = 0
      change(seedFactId, (db) => {
        const codes = [...new Set(findings.map(({ code }) => code))].sort()
        const domain = db
          .prepare<[string], string>('SELECT domain FROM clusters WHERE seed_fact_id = ?')
          .pluck()
          .get(seedFactId)!
        attemptId = answered(db, seedFactId, answer, codes)
        const clusterId = firstClusterIdOf(seedFactId)
        outcomeQueries(db).setAside(
          { clusterId, seedFactId, outcome: 'quarantined', attemptId, runId },
          { clusterId, attemptId, codes, signature: signatureOf(codes, findings, domain), findings },
        )
      })
      return attemptId
    },
    send(seedFactId, reservedMicroUsd = 700) {
      let attemptId = 0
      change(seedFactId, (db) => {
        attemptId = ask(db, seedFactId, reservedMicroUsd).attemptId
      })
      return attemptId
    },
    remove() {
      workspace.close()
      rmSync(dir, { recursive: true })
    },
  }
}

const intentFor = (clusterId: string, runId: number, reservedMicroUsd: number): Intent => ({
  clusterId,
  runId,
  task: 'structure',
  taskVersion: 1,
  lane: 'primary',
  provider: 'openai',
  model: 'small',
  requestKey: `key of ${clusterId}`,
  promptDigest: 'p'.repeat(64),
  schemaDigest: 's'.repeat(64),
  reservedMicroUsd,
  reservedTokens: 1_000,
  sentAtMs: 0,
})

const ANSWER = {
  finishReason: 'stop',
  usage: { promptTokens: 200, cachedTokens: 20, answerTokens: 50 },
  model: 'small-2026',
  requestId: 'req-1',
  latencyMs: 40,
} as const
