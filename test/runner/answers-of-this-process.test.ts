/** What a shard keeps of answers that its own thread gives, when they are taken and when they are not. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { openDb } from '../../db/open.ts'
import { shardClusterQueries } from '../../db/queries/shard-clusters.ts'
import type { Cluster } from '../../schemas/cluster.ts'
import { configSchema } from '../../schemas/config.ts'
import { clusterIdOf } from '../../schemas/ids.ts'
import type { Answer } from '../../schemas/prompt.ts'
import type { ModelTask } from '../../schemas/task.ts'
import { createShard, seal } from '../../shards/lifecycle.ts'
import { FREE_METER } from '../../src/llm/meter.ts'
import type { Provider } from '../../src/llm/provider.ts'
import type { LaneSettings } from '../../src/runner/lane-settings.ts'
import type { ShardWork } from '../../src/runner/shard-work.ts'
import { steeringWheel } from '../../src/runner/steering-wheel.ts'
import { newSignals } from '../../src/runner/transport-streak.ts'
import { workOnShard } from '../../src/runner/work-on-shard.ts'
import { newFolder } from '../support/folder.ts'

const META = { lineage: 'test', shardNo: 0, keyFirst: -(2n ** 63n), keyLast: 2n ** 63n - 1n }
const CONFIG = configSchema.parse({})

test('one that is taken is written with its outcome and what follows from it, in one commit', async () => {
  const { run, counts, elsewhere } = setup()
  const seen: unknown[] = []
  const summary = await run(lanes(local('yes'), null), (db) => {
    seen.push(db.prepare(counts).get(), elsewhere(counts)[0])
  })
  expect(summary.counts).toMatchObject({ ok: 1, asked: 1 })
  // Before the commit whoever writes sees all of it, and another connection nothing.
  const all = { attempts: 1, answers: 1, structures: 1, done: 1 }
  expect(seen).toEqual([all, { attempts: 0, answers: 0, structures: 0, done: 0 }])
  expect(elsewhere(counts)).toEqual([all])
})

test('one that is not taken is written before the next lane is asked', async () => {
  const { run, elsewhere } = setup()
  let before: unknown
  const model = remote(() => {
    before = elsewhere('SELECT lane, state, verdict, error_codes FROM attempts ORDER BY attempt_id')
    return 'yes'
  })
  const summary = await run(lanes(local('no'), model))
  expect(summary.counts).toMatchObject({ ok: 1, asked: 2 })
  const first = { lane: 'primary', state: 'settled', verdict: 'bad', error_codes: '["schema_invalid"]' }
  expect(before).toEqual([first, { lane: 'repair', state: 'sent', verdict: null, error_codes: null }])
})

test('nothing of it is there where what follows from it cannot be written', async () => {
  const { run, elsewhere } = setup()
  const summary = await run(lanes(local('yes'), null), () => {
    throw new Error('no room')
  })
  expect(summary.stop).toMatchObject({ message: expect.stringContaining('no room') })
  const rows = 'SELECT (SELECT count(*) FROM attempts) AS attempts, (SELECT count(*) FROM frontier) AS todo'
  expect(elsewhere(rows)).toEqual([{ attempts: 0, todo: 1 }])
})

const answerOf = (word: string): Answer => ({
  text: JSON.stringify({ word }),
  finishReason: 'stop',
  usage: { promptTokens: 1, cachedTokens: 0, answerTokens: 1 },
  model: 'test',
  requestId: null,
  latencyMs: 0,
})

const local = (word: string): Provider => ({
  kind: 'local',
  name: 'here',
  answer: () => ({ ok: true, answer: answerOf(word) }),
})

const remote = (say: () => string): Provider => ({
  kind: 'remote',
  name: 'there',
  ask: () => Promise.resolve({ ok: true, answer: answerOf(say()) }),
  probe: () => Promise.resolve(true),
})

function lanes(primary: Provider, repair: Provider | null): ShardWork<unknown>['lanes'] {
  const laneOf = (provider: Provider): LaneSettings => ({
    ...{ provider, model: 'test', meter: FREE_METER, limiter: null, sampling: {}, answerLimitTokens: 100 },
  })
  const asked = { primary: laneOf(primary), repair: repair && laneOf(repair), expensive: null }
  return { asked, lanesOf: () => asked }
}

const TASK: ModelTask<Cluster, { readonly word: 'yes' }> = {
  name: 'test',
  version: 1,
  answerSchema: { name: 'test', json: { type: 'object' }, digest: 'test' },
  parser: z.object({ word: z.literal('yes') }),
  promptDigest: 'test',
  ask: () => [{ role: 'user', content: 'Yes or no?' }],
  repair: () => [{ role: 'user', content: 'Really?' }],
  validate: () => [],
  salvage: (answer) => ({ answer, codes: [] }),
}

/** A shard of one cluster, and what works on it. */
function setup() {
  const folder = newFolder()
  const shardPath = join(folder, '0.sqlite')
  const shard = createShard(shardPath, META)
  const fact = { i: 0, standing: 'seed' as const, factId: 'a', dupGroupId: 'a', domain: '', text: 'A fact.' }
  const clusterId = clusterIdOf('a', 0, 1n)
  const cluster = { clusterId, seedFactId: 'a', round: 0, domain: '', isLone: true, members: [fact] }
  shardClusterQueries(shard).put(cluster, 1n)
  seal(shard)

  const drain = new AbortController().signal
  const steering = { isPaused: false, inFlight: 4 }
  const job = {
    ...{ shardPath, meta: META, epoch: 1, runId: 1, domain: null, isFresh: false, config: CONFIG },
    ...{ promptText: null, env: {}, runDir: folder, signals: newSignals(), limits: {}, outstanding: [] },
    ...{ caps: { microUsd: null, tokens: null, calls: null }, steering },
    phase: { kind: 'lanes' as const, throughKey: META.keyLast },
  }
  const surroundings = {
    ...{
      nowMs: () => 0,
      random: () => 0,
      drain,
      wheel: steeringWheel(steering),
      onProgress: () => undefined,
    },
    ...{ askForGrant: () => Promise.resolve(null), askForWindow: () => Promise.resolve(true) },
  }
  const run = (
    asked: ShardWork<unknown>['lanes'],
    deriveAtOnce: ShardWork<unknown>['deriveAtOnce'] = () => undefined,
  ) => workOnShard(job, surroundings, { task: TASK, lanes: asked, deriveAtOnce, writeDown: () => undefined })

  const count = (table: string): string => `(SELECT count(*) FROM ${table}) AS ${table}`
  const counts = `SELECT ${['attempts', 'answers', 'structures', 'done'].map(count).join(', ')}`
  const elsewhere = (sql: string): unknown[] => {
    const db = openDb(shardPath, 'shard', { mode: 'read' })
    try {
      return db.prepare(sql).all()
    } finally {
      db.close()
    }
  }
  return { run, counts, elsewhere }
}
