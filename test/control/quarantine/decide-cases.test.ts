/** What a person decides about cases, on real files, with the audit as the judge of what is left behind. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clusterRecords } from '../../../db/queries/cluster-record.ts'
import { configSchema } from '../../../schemas/config.ts'
import type { QuarantineState } from '../../../schemas/states.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { audit } from '../../../src/control/audit/audit.ts'
import { claimLease, shardScope } from '../../../src/control/lease.ts'
import { correctCase } from '../../../src/control/quarantine/correct-case.ts'
import { draftCorrection } from '../../../src/control/quarantine/draft-correction.ts'
import { exportCases } from '../../../src/control/quarantine/export-cases.ts'
import { ALL_CASES, listCases } from '../../../src/control/quarantine/list-cases.ts'
import { markCases } from '../../../src/control/quarantine/mark-cases.ts'
import { retryCases } from '../../../src/control/quarantine/retry-cases.ts'
import { showCases } from '../../../src/control/quarantine/show-cases.ts'
import { replay } from '../../../src/control/replay/replay.ts'
import { status } from '../../../src/control/status/status.ts'
import { type HandMade, makeWorkspace, structureOfHeat } from '../../support/hand-made-workspace.ts'

const CONFIG = configSchema.parse({})
const HEAT_TEXT = JSON.stringify(structureOfHeat)

let world: HandMade
let heat: string
let light: string
beforeEach(async () => {
  world = await makeWorkspace()
  world.setAside('heat-1', [{ code: 'json_invalid', at: '', message: 'no object' }], 'I would rather not')
  world.setAside('light-1', [{ code: 'relation_cycle', at: 'relations[0]', message: '0 → 1 → 0' }])
  heat = world.clusterIdOf('heat-1')
  light = world.clusterIdOf('light-1')
})
afterEach(() => world.remove())

const correct = (clusterId: string, text = HEAT_TEXT, note = '') =>
  correctCase(world.workspace, CONFIG, { clusterId, text, note }, 0)

const stateOf = (clusterId: string): QuarantineState =>
  listCases(world.workspace, { ...ALL_CASES, clusterIds: [clusterId] }).cases[0]!.state

const faults = async (): Promise<string[]> => {
  const { checks } = await audit(world.workspace, { isDeep: true })
  return checks.filter(({ passed, skipped }) => !passed && skipped === null).map(({ name }) => name)
}

function recordOf(seedFactId: string) {
  let record: ReturnType<ReturnType<typeof clusterRecords>['cluster']>
  world.change(seedFactId, (db) => {
    record = clusterRecords(db).cluster(world.clusterIdOf(seedFactId))
  })
  return record!
}

test('a gap that a person takes stays quarantined, with the note, and is not retried by a filter', async () => {
  const marking = { state: 'accepted_missing', note: 'a filter of the provider' } as const
  const found = markCases(world.workspace, { ...ALL_CASES, code: 'json_invalid' }, marking, 0)
  expect(found).toMatchObject({ clusterIds: [heat], left: [], held: [] })
  expect(recordOf('heat-1').quarantine).toMatchObject(marking)
  expect(status(world.workspace).totals).toMatchObject({ todo: 1, quarantined: 2, difference: 0 })
  expect(retryCases(world.workspace, { ...ALL_CASES, state: 'quarantined' }, 0).clusterIds).toEqual([light])
  expect(await faults()).toEqual([])
})

test('a correction makes the cluster ok by a person, with deltas, and every check still passes', async () => {
  expect(correct(heat, HEAT_TEXT, 'read the book')).toMatchObject({ ok: true, conceptName: 'Heat' })
  const record = recordOf('heat-1')
  expect(record).toMatchObject({
    done: { outcome: 'ok', attemptId: null, runId: world.runId },
    structure: { attemptId: null, salvaged: [], structure: structureOfHeat },
    quarantine: { state: 'corrected', note: 'read the book', codes: ['json_invalid'] },
  })
  expect(record.structure!.materialisedVersion).not.toBeNull()
  expect(record.deltas).toMatchObject([{ name: 'Heat', members: 2, edges: 1, links: 1 }])
  expect(record.attempts).toHaveLength(1)
  expect(status(world.workspace).totals).toMatchObject({ todo: 1, ok: 1, quarantined: 1, difference: 0 })
  expect(await faults()).toEqual([])
})

test('the lines for people tell of a correction', () => {
  correct(heat)
  const name = `ok.${String(world.shardNoOf('heat-1')).padStart(4, '0')}.jsonl`
  const lines = readFileSync(join(world.workspace.runDir(world.runTag), name), 'utf8')
    .trim()
    .split('\n')
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({
    cluster_id: heat,
    attempt_id: null,
    by_person: true,
    structure: structureOfHeat,
  })
})

const broken: readonly (readonly [string, string])[] = [
  ['json_invalid', 'I would rather not'],
  ['schema_invalid', JSON.stringify({ ...structureOfHeat, more: 1 })],
  [
    'member_unknown',
    JSON.stringify({ ...structureOfHeat, members: [...structureOfHeat.members, { i: 9, role: 'other' }] }),
  ],
  [
    'contradicts_not_explicit', // salvage would soften it for a model
    JSON.stringify({
      ...structureOfHeat,
      relations: [{ ...structureOfHeat.relations[0]!, rel_type: 'contradicts' }],
    } satisfies Structure),
  ],
]

test.each(broken)('a correction with %s is told so, and nothing is written', async (code, text) => {
  const before = recordOf('heat-1')
  const found = correct(heat, text)
  expect(found).toMatchObject({ ok: false, findings: [expect.objectContaining({ code })] })
  expect(recordOf('heat-1')).toEqual(before)
})

test('a correction can be corrected, and a retry that names it undoes it', async () => {
  correct(heat)
  correct(
    heat,
    JSON.stringify({ ...structureOfHeat, concept: { ...structureOfHeat.concept, name: 'Flow of heat' } }),
  )
  expect(recordOf('heat-1').deltas.map(({ name }) => name)).toEqual(['Flow of heat'])
  expect(await faults()).toEqual([])
  retryCases(world.workspace, { ...ALL_CASES, clusterIds: [heat] }, 0)
  expect(recordOf('heat-1')).toMatchObject({ frontierState: 'todo', structure: null, deltas: [], done: null })
  expect(await faults()).toEqual([])
})

test('what a run has its turn with can be neither corrected nor accepted', () => {
  retryCases(world.workspace, { ...ALL_CASES, clusterIds: [heat] }, 0)
  expect(() => correct(heat)).toThrow(expect.objectContaining({ code: 'case_decided' }))
  const marking = { state: 'accepted_missing', note: '' } as const
  expect(markCases(world.workspace, { ...ALL_CASES, clusterIds: [heat] }, marking, 0)).toMatchObject({
    clusterIds: [],
    left: [heat],
  })
  expect(stateOf(heat)).toBe('retried')
})

test('replay leaves what a person decided alone', () => {
  correct(heat)
  markCases(
    world.workspace,
    { ...ALL_CASES, clusterIds: [light] },
    { state: 'accepted_missing', note: '' },
    0,
  )
  const options = { isApplied: true, domain: null, promptText: null }
  expect(replay(world.workspace, CONFIG, options, 0).counts.decided_by_person).toBe(2)
  expect([stateOf(heat), stateOf(light)]).toEqual(['corrected', 'accepted_missing'])
})

test('while somebody works on the shard nothing is decided, and the sentence names the holder', () => {
  const lease = claimLease(world.workspace.control, shardScope(world.shardNoOf('heat-1')), 0)
  expect(() => correct(heat)).toThrow(
    expect.objectContaining({
      code: 'lock_held',
      message: expect.stringMatching(/^shard:\d is held by .* process \d+$/),
    }),
  )
  const marking = { state: 'needs_review', note: '' } as const
  const found = markCases(world.workspace, { ...ALL_CASES, clusterIds: [heat] }, marking, 0)
  expect(found).toMatchObject({
    clusterIds: [],
    held: [{ cases: 1, heldBy: expect.stringContaining('process') }],
  })
  expect(stateOf(heat)).toBe('quarantined')
  lease.release()
})

test('a draft is the answer where it can be read, else every fact kept and the name left to the person', () => {
  const [ofHeat] = showCases(world.workspace, { ...ALL_CASES, clusterIds: [heat] })
  expect(draftCorrection(ofHeat!)).toMatchObject({
    concept: { name: '' },
    members: [{ i: 0 }, { i: 1 }, { i: 2 }],
  })
  expect(draftCorrection({ ...ofHeat!, answer: `Here it is: ${HEAT_TEXT}` })).toEqual(structureOfHeat)
})

test('cases are exported one a line, with facts, answer and what failed', () => {
  const lines: string[] = []
  const write = (line: string): void => void lines.push(line)
  expect(exportCases(world.workspace, ALL_CASES, write).cases).toBe(2)
  const ids = lines.map((line) => (JSON.parse(line) as { clusterId: string }).clusterId)
  expect(ids).toEqual(listCases(world.workspace, ALL_CASES).cases.map(({ clusterId }) => clusterId))
  expect(JSON.parse(lines[ids.indexOf(heat)]!)).toMatchObject({
    answer: 'I would rather not',
    findings: [{ code: 'json_invalid' }],
    facts: [{ factId: 'heat-1' }, { factId: 'heat-2' }, { factId: 'heat-3' }],
    model: 'openai/small',
    asked: 1,
  })
  lines.length = 0
  exportCases(world.workspace, { ...ALL_CASES, limit: 1 }, write)
  expect(lines).toHaveLength(1)
  lines.length = 0
  exportCases(world.workspace, { ...ALL_CASES, clusterIds: [light] }, write)
  expect(lines).toHaveLength(1)
})
