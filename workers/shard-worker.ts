/** Thread entry: one shard is one task. Loaded by URL, imported by nobody. */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { asFailure } from '../schemas/as-failure.ts'
import type { Grant } from '../schemas/budget.ts'
import { runShard } from '../src/runner/run-shard.ts'
import { steeringWheel } from '../src/runner/steering-wheel.ts'
import type { FromShard, ShardJob, ShardSummary, ToShard } from './protocol.ts'

export interface ShardTask {
  readonly job: ShardJob
  readonly port: MessagePort
}

const BEAT_EVERY_MS = 500

const NOTHING = { ok: 0, salvaged: 0, quarantined: 0, unanswered: 0, asked: 0, reused: 0, microUsd: 0 }

/** A class that is thrown here arrives without its name, code and fields; so failures are returned as data. */
export default async function shardWorker({ job, port }: ShardTask): Promise<ShardSummary> {
  const draining = new AbortController()
  const wheel = steeringWheel(job.steering)
  let takeGrant: ((grant: Grant | null) => void) | undefined
  let hearOfWindow: ((isOpen: boolean) => void) | undefined
  const { shardNo } = job.meta
  const hear = (message: ToShard): void => {
    if (message.kind === 'drain') draining.abort()
    else if (message.kind === 'steer') wheel.turn(message.steering)
    else if (message.kind === 'window') hearOfWindow?.(message.isOpen)
    else takeGrant?.(message.grant)
  }
  // What was said while the shard waited for a thread counts before any work begins.
  for (let said = receiveMessageOnPort(port); said !== undefined; said = receiveMessageOnPort(port))
    hear(said.message as ToShard)
  port.on('message', hear)
  const send = (message: FromShard) => port.postMessage(message)
  send({ kind: 'beat' })
  const beating = setInterval(() => send({ kind: 'beat' }), BEAT_EVERY_MS)
  try {
    return await runShard(job, {
      nowMs: Date.now,
      random: Math.random,
      drain: draining.signal,
      wheel,
      onProgress: (counts) => send({ kind: 'progress', shardNo, counts }),
      askForGrant: (need) =>
        new Promise((resolve) => {
          takeGrant = resolve
          send({ kind: 'grant_wanted', need })
        }),
      askForWindow: (tokens) =>
        new Promise((resolve) => {
          hearOfWindow = resolve
          send({ kind: 'window_wanted', tokens })
        }),
    })
  } catch (cause) {
    return { shardNo, counts: NOTHING, returned: [], stop: asFailure(cause), comeBackAtMs: null }
  } finally {
    clearInterval(beating)
    port.close()
  }
}
