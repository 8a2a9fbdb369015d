/**
 * Takes one batch as far as it goes now: up to the provider, or back from it into the books.
 *
 * Every step is durable before the next one, and each that makes something at the provider looks first whether somebody
 * who died has made it. So a batch can be left at any point, by anybody, for days.
 */
import { existsSync, rmSync } from 'node:fs'
import type { BatchEnd, BatchRow } from '../../../db/queries/batches.ts'
import type { Failure } from '../../../schemas/failure.ts'
import type { AskFailure } from '../../../schemas/prompt.ts'
import type { BatchApi, BatchSeen, Told } from '../../llm/batch/batch-api.ts'
import type { Meter } from '../../llm/meter.ts'
import type { ShardSession } from '../shard-session.ts'
import { bookLines } from './book-lines.ts'
import { insist, makeOnce } from './make-once.ts'
import { spoolPathOf } from './outbox.ts'

export interface Responder {
  readonly api: BatchApi
  readonly meter: Meter
}

/** A list of files that lags costs a second file, which nobody pays for; one of batches would cost a batch. */
const LOOKS_FOR_A_FILE = 1
const LOOKS_FOR_A_BATCH = 3
/** Even a slow line carries so much. */
const LEAST_BYTES_PER_MS = 50
/** The provider has too much to do for this account now; nothing is wrong with the batch. */
const TRY_SMALLER = 'token_limit_exceeded'
/** A person can mend what these say, and the same batch goes on. */
const WAITS_FOR_A_PERSON = new Set(['provider_unauthorised', 'provider_no_credit'])
const PASSES = new Set(['provider_error', 'provider_timeout', 'provider_busy'])

/** @returns the batch as it is now, and what must stop the run */
export async function sendBatch(
  session: ShardSession,
  row: BatchRow,
  { api }: Responder,
  isAdopted: boolean,
): Promise<Failure | null> {
  const { intentId } = row
  const spool = spoolPathOf(session.job, intentId)
  const uploaded =
    row.inputFileId === null ? await upload(session, row, api, spool, isAdopted) : told(row.inputFileId)
  if (!uploaded.ok) return notSent(session, row, uploaded.failure)
  if (row.inputFileId === null) {
    await session.commits.join(() => session.batches.uploaded(intentId, uploaded.value))
  }
  const created = await makeOnce<BatchSeen>(session, {
    looksBefore: isAdopted && row.inputFileId !== null ? LOOKS_FOR_A_BATCH : 0,
    find: () => api.find(intentId, deadline(session)),
    make: async () => fileIsFresh(await api.create(uploaded.value, intentId, deadline(session))),
  })
  if (!created.ok) return notSent(session, row, created.failure)
  await session.commits.join(() => session.batches.created(intentId, created.value.id))
  session.tally.asked += row.lineCount
  rmSync(spool, { force: true })
  return null
}

function upload(
  session: ShardSession,
  { intentId, fileBytes }: BatchRow,
  api: BatchApi,
  spool: string,
  isAdopted: boolean,
): Promise<Told<string>> {
  const name = `${intentId}.jsonl`
  return makeOnce(session, {
    looksBefore: isAdopted ? LOOKS_FOR_A_FILE : 0,
    find: () => api.findFile(name, deadline(session)),
    make: async () =>
      existsSync(spool)
        ? api.upload(name, spool, deadline(session, fileBytes))
        : { ok: false, failure: refusal(`${spool} is gone, and the provider does not have it`) },
  })
}

/** A fresh file is not everywhere at once; one that never turns up ends the batch. */
function fileIsFresh(created: Told<BatchSeen>): Told<BatchSeen> {
  if (created.ok || created.failure.httpStatus !== 404) return created
  return { ok: false, failure: { ...created.failure, code: 'provider_error', isSystemic: false } }
}

/** A refusal ends the batch: its lines go back, for they may do better in another one or online. */
async function notSent(session: ShardSession, row: BatchRow, failure: AskFailure): Promise<Failure | null> {
  if (failure.code === 'interrupted') return null
  const isNoFile = failure.httpStatus === 404
  if (isNoFile || !(WAITS_FOR_A_PERSON.has(failure.code) || PASSES.has(failure.code))) {
    await end(session, row, 'failed', { code: failure.code, message: failure.message })
  }
  return systemic(`a batch could not be sent: ${failure.code}: ${failure.message}`)
}

/** Looks at a batch that is at the provider. @returns whether it ended, and what must stop the run */
export async function lookAtBatch(
  session: ShardSession,
  row: BatchRow,
  { api, meter }: Responder,
): Promise<{ hasEnded: boolean; failure: Failure | null }> {
  const seen = await insist(session, () => api.look(row.remoteId!, deadline(session)))
  if (!seen.ok) return { hasEnded: false, failure: unread(seen.failure) }
  const { state, resultFileIds, failure } = seen.value
  if (state === 'under_way') return { hasEnded: false, failure: null }
  let stop: Failure | null = null
  for (const fileId of resultFileIds) {
    const read = await insist(session, () =>
      api.read(
        fileId,
        async (lines) => {
          stop = (await bookLines(session, row, meter, lines)) ?? stop
        },
        deadline(session, row.fileBytes),
      ),
    )
    if (!read.ok) return { hasEnded: false, failure: stop ?? unread(read.failure) }
  }
  await end(session, row, state, failure)
  if (failure !== null && failure.code !== TRY_SMALLER) {
    stop ??= systemic(`${row.provider} refused a batch of ${row.model}: ${failure.code}: ${failure.message}`)
  }
  return { hasEnded: true, failure: stop }
}

/** What no answer came for goes back to the frontier, unbilled; after this the batch is never looked at again. */
async function end(
  session: ShardSession,
  { intentId, runId }: BatchRow,
  state: BatchEnd['state'],
  failure: BatchSeen['failure'],
): Promise<void> {
  const unused = await session.commits.join(() => {
    const cost = session.batches.openCost(intentId)
    session.batches.release(intentId)
    session.batches.end(intentId, {
      state,
      endedAtMs: session.nowMs(),
      failureCode: state === 'failed' ? (failure?.code ?? 'unknown') : null,
      failureMessage: state === 'failed' ? (failure?.message ?? 'no reason was given') : null,
    })
    return cost
  })
  if (runId === session.job.runId) session.purse.refund(unused)
  rmSync(spoolPathOf(session.job, intentId), { force: true })
}

const unread = (failure: AskFailure): Failure | null =>
  failure.code === 'interrupted'
    ? null
    : systemic(`a batch could not be looked at: ${failure.code}: ${failure.message}`)

const systemic = (message: string): Failure => ({ code: 'systemic_failure', message })

const told = <T>(value: T): Told<T> => ({ ok: true, value })

const refusal = (message: string): AskFailure => ({
  code: 'provider_rejected',
  message,
  mayBeBilled: false,
  retryAfterMs: null,
  isSystemic: false,
  httpStatus: null,
})

const deadline = ({ job }: ShardSession, bytes = 0): AbortSignal =>
  AbortSignal.timeout(job.config.run.deadlineMs + Math.ceil(bytes / LEAST_BYTES_PER_MS))
