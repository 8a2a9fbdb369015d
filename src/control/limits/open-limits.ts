/** The limits of the models of a run: one memory for each, shared by all threads, and by shares with other processes. */
import Database from 'better-sqlite3'
import type { Db } from '../../../db/open.ts'
import type { Config } from '../../../schemas/config.ts'
import { machineClock } from '../../llm/limiter/clock.ts'
import { Limiter } from '../../llm/limiter/limiter.ts'
import { limitMemory } from '../../llm/limiter/shared-words.ts'
import { providerFor } from '../../llm/provider-for.ts'
import type { SharedLimits } from '../../runner/lanes.ts'
import { thisProcess } from '../this-process.ts'
import { limitIdOf } from './limit-id.ts'
import { type SharedLimit, shareLimits } from './share-limits.ts'

export interface OpenLimits {
  /** By model reference. */
  readonly memories: SharedLimits
  /** The most requests in flight over all threads, of each model. */
  setMostInFlight(most: number): void
  close(): void
}

type Env = Readonly<Record<string, string | undefined>>

/** Well under the life of a slice, and seldom enough to cost nothing. */
const RENEW_EVERY_MS = 1_500
const NS_PER_MS = 1_000_000n

/** @throws RffError provider_unknown, provider_key_missing, config_invalid */
export function openLimits(control: Db, config: Config, env: Env, threadCount: number): OpenLimits {
  const { models, providers } = config
  const references = new Set([models.primary, models.repair, models.expensive].filter(isAsked))
  const memories: Record<string, SharedArrayBuffer> = {}
  const limits: SharedLimit[] = []
  const limiters: Limiter[] = []
  for (const reference of references) {
    const memory = limitMemory(knownLimits(config, reference, threadCount))
    memories[reference] = memory
    const limiter = new Limiter(memory, machineClock)
    limiters.push(limiter)
    const limitId = limitIdOf(providerFor(reference, { providers, env }))
    limits.push({ limitId, setShare: (share) => limiter.setShare(share) })
  }
  const nowMs = (): number => Number(machineClock.nowNs() / NS_PER_MS)
  const slices = shareLimits(control, thisProcess(), limits, nowMs)
  slices.renew()
  const timer = setInterval(() => renewUnlessBusy(slices.renew), RENEW_EVERY_MS)
  timer.unref()
  return {
    memories,
    setMostInFlight(most) {
      for (const limiter of limiters) limiter.setMostInFlight(most)
    },
    close() {
      clearInterval(timer)
      slices.release()
    },
  }
}

const isAsked = (reference: string | undefined): reference is string =>
  reference !== undefined && reference !== 'rules'

function knownLimits({ limits, run }: Config, reference: string, threadCount: number) {
  const { requestsPerMinute = null, tokensPerMinute = null } = limits[reference] ?? {}
  return {
    ...{ requestsPerMinute, tokensPerMinute },
    mostInFlight: run.inFlight * threadCount,
    circuit: { failures: run.circuitFailures, openMs: run.circuitOpenMs },
  }
}

/** The next renewal is soon enough for a control file that somebody else writes just now. */
function renewUnlessBusy(renew: () => void): void {
  try {
    renew()
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY'))) throw cause
  }
}
