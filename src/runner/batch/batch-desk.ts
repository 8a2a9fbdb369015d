/** All batches of one shard: those that somebody left behind, and those that are made now. */
import type { BatchRow } from '../../../db/queries/batches.ts'
import type { Failure } from '../../../schemas/failure.ts'
import { meterFor } from '../../llm/meter.ts'
import { providerFor } from '../../llm/provider-for.ts'
import type { Lanes } from '../lane-settings.ts'
import type { ShardSession } from '../shard-session.ts'
import { lookAtBatch, type Responder, sendBatch } from './advance-batch.ts'
import { removeLeftovers } from './outbox.ts'

export interface BatchDesk {
  /** Takes up what was left behind: sends what was intended, looks once at what is under way, books what has ended. */
  takeUp(): Promise<Failure | null>
  /** Sends what was intended meanwhile. */
  send(): Promise<Failure | null>
  /** What is still under way, as the reason to come again; null where nothing is. */
  pending(): PendingBatches | null
  /** Whether something was booked below its reservation. */
  hasBooked(): boolean
}

export interface PendingBatches {
  readonly failure: Failure
  /** When it is worth looking again. */
  readonly comeBackAtMs: number
}

/** A batch is looked at again after this part of its age. */
const PART_OF_AGE = 10

/** @param lanes who is asked now: a batch of one of them goes through the same provider, which may have learned something */
export function batchDesk(session: ShardSession, lanes: Lanes): BatchDesk {
  const { job, batches, nowMs, drain } = session
  const responders = new Map<string, Promise<Responder | Failure>>()
  let isBooked = false

  function responderOf({ provider, model }: BatchRow): Promise<Responder | Failure> {
    const reference = `${provider}/${model}`
    const known = responders.get(reference) ?? openResponder(session, lanes, { provider, model })
    responders.set(reference, known)
    return known
  }

  async function each(
    rows: readonly BatchRow[],
    deed: (row: BatchRow, responder: Responder) => Promise<Failure | null>,
  ): Promise<Failure | null> {
    let stop: Failure | null = null
    for (const row of rows) {
      if (drain.aborted) break
      const responder = await responderOf(row)
      stop ??= 'code' in responder ? responder : await deed(row, responder)
    }
    return stop
  }

  return {
    async takeUp() {
      const rows = batches.open()
      if (rows.length > 0 || session.outbox !== null)
        removeLeftovers(
          job,
          rows.map(({ intentId }) => intentId),
        )
      return each(rows, async (row, responder) => {
        if (row.state !== 'created') return sendBatch(session, row, responder, true)
        const { hasEnded, failure } = await lookAtBatch(session, row, responder)
        isBooked ||= hasEnded
        return failure
      })
    },
    send: () =>
      each(
        batches.open().filter(({ state }) => state !== 'created'),
        (row, responder) => sendBatch(session, row, responder, false),
      ),
    pending() {
      const rows = batches.open()
      const youngest = rows.at(-1)
      if (youngest === undefined) return null
      const { pollMs, pollMaxMs } = job.config.batch
      const age = nowMs() - youngest.intendedAtMs
      const names = [...new Set(rows.map(({ provider }) => provider))].sort()
      const lines = rows.reduce((sum, { lineCount }) => sum + lineCount, 0)
      return {
        failure: {
          code: 'batches_pending',
          message: `requests are under way in batches: ${lines} of shard ${job.meta.shardNo}, at ${names.join(', ')}`,
        },
        comeBackAtMs: nowMs() + Math.max(pollMs, Math.min(pollMaxMs, Math.round(age / PART_OF_AGE))),
      }
    },
    hasBooked: () => isBooked,
  }
}

/** By the batch's own names: the settings may name other models by now. */
async function openResponder(
  { job: { config, env } }: ShardSession,
  { primary, repair, expensive }: Lanes,
  of: Pick<BatchRow, 'provider' | 'model'>,
): Promise<Responder | Failure> {
  const asked = [primary, repair, expensive].find(
    (lane) => lane !== null && lane.provider.name === of.provider && lane.model === of.model,
  )
  const reference = `${of.provider}/${of.model}`
  const { provider } = asked ?? providerFor(reference, { providers: config.providers, env })
  const api = provider.kind === 'remote' ? provider.batches : undefined
  if (api === undefined) return { code: 'systemic_failure', message: `${reference} has no batches any more` }
  return { api, meter: asked?.meter ?? (await meterFor(of.provider, of.model, config.prices)) }
}
