import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inspect } from '../../../src/control/inspect/inspect.ts'
import { fieldNamed } from '../../../src/control/status/field-named.ts'
import { openField } from '../../../src/field/open-field.ts'
import type { HandMade } from '../../support/hand-made-workspace.ts'
import { FIELD_TAG, makeMergedWorkspace } from '../../support/merged-workspace.ts'

let world: HandMade
beforeEach(async () => {
  world = await makeMergedWorkspace()
})
afterEach(() => world.remove())

const look = (id: string) => inspect(world.workspace, id)

function conceptNamed(name: string): string {
  const field = openField(fieldNamed(world.workspace, null).files.database, world.workspace.corpusPath)
  try {
    return field.reading.conceptsAfter('', 10).find((row) => row.name === name)!.conceptId
  } finally {
    field.close()
  }
}

test('a fact leads forwards to its cluster, its concept and the edge that it is evidence for', () => {
  expect(look('light-1')).toMatchObject({
    kind: 'fact',
    input: 'facts.jsonl',
    role: 'seed',
    clusters: [{ clusterId: world.clusterIdOf('light-1'), standing: 'seed', i: 0, standsAt: 'ok' }],
    concepts: [{ name: 'Light', role: 'definition' }],
    supports: [{ srcName: 'Light', relType: 'causes', dstName: 'Heat' }],
    relations: [{ srcFactId: 'light-2', dstFactId: 'light-1', relType: 'refines' }],
    fieldTag: FIELD_TAG,
  })
})

test('a duplicate leads to the fact that speaks for it', () => {
  expect(look('heat-2b')).toMatchObject({
    role: 'duplicate',
    representativeFactId: 'heat-2',
    group: [{ factId: 'heat-2' }],
    clusters: [],
  })
})

test('a concept leads back to clusters, facts and sources, and along its edges', () => {
  expect(look(conceptNamed('Heat'))).toMatchObject({
    kind: 'concept',
    name: 'Heat',
    aliases: expect.arrayContaining([expect.objectContaining({ alias: 'heat flow' })]),
    members: [
      { factId: 'heat-1', source: 'book, page 1' },
      { factId: 'heat-2', duplicates: [{ factId: 'heat-2b' }] },
    ],
    outgoing: [],
    incoming: [
      { srcName: 'Light', evidence: [{ factId: 'light-1', text: 'Light is an electromagnetic wave.' }] },
    ],
    origins: [{ clusterId: world.clusterIdOf('heat-1'), reason: 'self' }],
    glosses: [{ gloss: 'energy that flows', clusterIds: [world.clusterIdOf('heat-1')] }],
  })
})

test('an edge leads to both concepts and to the words that say so', () => {
  const concept = look(conceptNamed('Light'))
  if (concept.kind !== 'concept') throw new TypeError('the id of a concept gave something else')
  expect(look(concept.outgoing[0]!.edgeId)).toMatchObject({
    kind: 'edge',
    srcName: 'Light',
    dstName: 'Heat',
    evidence: [{ factId: 'light-1', clusterId: world.clusterIdOf('light-1') }],
    scores: [{ flags: [] }],
  })
})

test('a cluster leads to its facts, attempts, answer, structure and concept', () => {
  expect(look(world.clusterIdOf('heat-1'))).toMatchObject({
    kind: 'cluster',
    shardNo: world.shardNoOf('heat-1'),
    record: {
      members: [{ factId: 'heat-1' }, { factId: 'heat-2' }, { factId: 'heat-3' }],
      done: { outcome: 'ok' },
      structure: { structure: { concept: { name: 'Heat' } } },
      deltas: [{ members: 2, edges: 1, links: 1 }],
    },
    attempts: [{ lane: 'primary', state: 'settled', answer: expect.stringContaining('"Heat"') }],
    concepts: [{ name: 'Heat' }],
  })
})

test('a cluster that the plan took back still tells its attempts and why it went', () => {
  const clusterId = world.clusterIdOf('heat-1')
  world.change('heat-1', (db) =>
    db.exec(`DELETE FROM clusters WHERE cluster_id = '${clusterId}';
      INSERT INTO retired VALUES ('${clusterId}', 'seed removed')`),
  )
  expect(look(clusterId)).toMatchObject({
    record: null,
    retiredReason: 'seed removed',
    attempts: [{ state: 'settled' }],
  })
})

test('an attempt is found by its number, whatever shard it stands in', () => {
  const attemptId = world.send('ring-1')
  expect(look(String(attemptId))).toMatchObject({
    kind: 'attempt',
    shardNo: world.shardNoOf('ring-1'),
    attempt: { attemptId, state: 'sent', answer: null },
  })
})

test('a run is found by its tag and by its number, a shard by its number', () => {
  expect(look(world.runTag)).toMatchObject({
    kind: 'run',
    runId: world.runId,
    outcomes: { ok: 2, quarantined: 0 },
  })
  expect(look(`run:${world.runId}`)).toEqual(look(world.runTag))
  expect(look('shard:1')).toMatchObject({
    kind: 'shard',
    shardNo: 1,
    trouble: null,
    census: { difference: 0 },
  })
})

test('a fact whose id looks like something else is found by its exact id', () => {
  world.changeCorpus((db) => db.exec("UPDATE facts SET fact_id = 'run:1' WHERE fact_id = 'heat-3'"))
  expect(look('run:1')).toMatchObject({ kind: 'fact', factId: 'run:1' })
})

test.each([
  ['light-3', /did you mean light-\d\?/],
  ['fact:light-3', /did you mean light-\d\?/],
  ['clu_000000000000000000000000', /one of its facts/],
  ['con_000000000000000000000000', new RegExp(FIELD_TAG)],
  ['edg_000000000000000000000000', new RegExp(FIELD_TAG)],
  ['shard:99', /rff-shard status lists the shards/],
])('%s is not found, and the sentence says where to look', (id, sentence) => {
  expect(() => look(id)).toThrow(
    expect.objectContaining({ code: 'not_found', message: expect.stringMatching(sentence) }),
  )
})

test('what may stand in a shard that is missing is not said to be nowhere', () => {
  rmSync(world.workspace.shardPath(world.shardNoOf('heat-1')))
  expect(() => look(world.clusterIdOf('heat-1'))).toThrow(expect.objectContaining({ code: 'shard_missing' }))
  expect(look('heat-1')).toMatchObject({ clusters: [{ standsAt: expect.stringContaining('unknown') }] })
})
