/** Thread entry of the engine's trial: one shard of no-op tasks through the real runner. Loaded by URL. */
import { parentPort, workerData } from 'node:worker_threads'
import * as z from 'zod'
import type { Cluster } from '../../schemas/cluster.ts'
import type * as Config from '../../schemas/config.ts'
import type { Reply } from '../../schemas/prompt.ts'
import type { ModelTask } from '../../schemas/task.ts'
import type * as Meter from '../../src/llm/meter.ts'
import type { Provider } from '../../src/llm/provider.ts'
import type { LaneSettings } from '../../src/runner/lane-settings.ts'
import type * as SteeringWheel from '../../src/runner/steering-wheel.ts'
import type * as TransportStreak from '../../src/runner/transport-streak.ts'
import type * as WorkOnShard from '../../src/runner/work-on-shard.ts'
import type { ShardJob } from '../../workers/protocol.ts'
import type { NoOpShard } from '../generators/no-op-shards.ts'
import { built } from '../support/built.ts'

export interface EngineOrder {
  readonly shard: NoOpShard
  readonly inFlight: number
  readonly runDir: string
}

const ANSWER_BYTES = 500

/** Answers at once, as a server would that takes no time: intent, answer and outcome are three commits. */
const reply: Reply = {
  ok: true,
  answer: {
    text: JSON.stringify({ answer: 'x'.repeat(ANSWER_BYTES - '{"answer":""}'.length) }),
    finishReason: 'stop',
    usage: { promptTokens: 100, cachedTokens: 0, answerTokens: 120 },
    model: 'no-op',
    requestId: null,
    latencyMs: 0,
  },
}
const provider: Provider = {
  kind: 'remote',
  name: 'no-op',
  ask: () => Promise.resolve(reply),
  probe: () => Promise.resolve(true),
}

interface NoOpAnswer {
  readonly answer: string
}

const task: ModelTask<Cluster, NoOpAnswer> = {
  name: 'no-op',
  version: 1,
  answerSchema: { name: 'no_op', json: { type: 'object' }, digest: 'no-op' },
  parser: z.object({ answer: z.string() }),
  promptDigest: 'no-op',
  ask: ({ members }) => [{ role: 'user', content: members[0]!.text }],
  repair: () => [],
  validate: () => [],
  salvage: (answer) => ({ answer, codes: [] }),
}

const jobOf = (
  config: Config.Config,
  { shard, runDir }: EngineOrder,
  signals: SharedArrayBuffer,
): ShardJob => ({
  shardPath: shard.path,
  meta: shard.meta,
  epoch: 1,
  runId: 1,
  phase: { kind: 'lanes', throughKey: 2n ** 63n - 1n },
  domain: null,
  isFresh: false,
  config,
  promptText: null,
  env: {},
  runDir,
  signals,
  caps: { microUsd: null, tokens: 1_000_000_000_000, calls: null },
  limits: {},
  steering: { isPaused: false, inFlight: config.run.inFlight },
  outstanding: [],
})

/** Loads everything. @returns what does the work */
async function loadWork(order: EngineOrder): Promise<() => Promise<number>> {
  const { configSchema } = await built<typeof Config>('schemas/config.ts')
  const { meterFor } = await built<typeof Meter>('src/llm/meter.ts')
  const { steeringWheel } = await built<typeof SteeringWheel>('src/runner/steering-wheel.ts')
  const { newSignals } = await built<typeof TransportStreak>('src/runner/transport-streak.ts')
  const { workOnShard } = await built<typeof WorkOnShard>('src/runner/work-on-shard.ts')
  const config = configSchema.parse({ run: { inFlight: order.inFlight } })
  const lane: LaneSettings = {
    provider,
    model: 'no-op',
    meter: await meterFor('no-op', 'no-op'),
    limiter: null,
    sampling: {},
    answerLimitTokens: 1_000,
  }
  const asked = { primary: lane, repair: null, expensive: null }
  const job = jobOf(config, order, newSignals())
  let grantId = 0
  const surroundings = {
    nowMs: Date.now,
    random: Math.random,
    drain: new AbortController().signal,
    wheel: steeringWheel(job.steering),
    onProgress: () => undefined,
    askForWindow: () => Promise.resolve(true),
    askForGrant: () =>
      Promise.resolve({ grantId: ++grantId, microUsd: 0, tokens: 10_000_000, calls: 10_000 }),
  }
  const lanes = { asked, lanesOf: () => asked }
  const work = { task, lanes, writeDown: () => undefined }
  return async () => {
    const { counts, stop } = await workOnShard(job, surroundings, work)
    if (stop !== null) throw new Error(`${stop.code}: ${stop.message}`)
    return counts.ok
  }
}

const work = await loadWork(workerData as EngineOrder)
parentPort!.once('message', () => {
  void work().then((items) => parentPort!.postMessage(items))
})
parentPort!.postMessage('ready')
