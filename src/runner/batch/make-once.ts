/** Makes something at a provider that must not be made twice, however often the way there breaks. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AskFailure } from '../../../schemas/prompt.ts'
import { countTry, nextTry, type Tries } from '../../llm/backoff.ts'
import type { Told } from '../../llm/batch/batch-api.ts'
import type { ShardSession } from '../shard-session.ts'

type Patience = Pick<ShardSession, 'job' | 'random' | 'drain'>

interface Making<T> {
  /** Somebody who died may have made it, so it is looked for first; a list can lag behind, so more than once. */
  readonly looksBefore: number
  find(): Promise<Told<T | null>>
  make(): Promise<Told<T>>
}

export async function makeOnce<T>(
  patience: Patience,
  { looksBefore, find, make }: Making<T>,
): Promise<Told<T>> {
  for (let look = 0; look < looksBefore; look += 1) {
    const found = await insist(patience, find)
    if (!found.ok || found.value !== null) return found as Told<T>
    if (look + 1 < looksBefore) await pause(patience, patience.job.config.run.backoffMs * 2 ** look)
    if (patience.drain.aborted) return { ok: false, failure: STOPPED }
  }
  let isFirst = true
  return insist(patience, async () => {
    // A try that broke off may have arrived all the same.
    const found = isFirst ? null : await find()
    isFirst = false
    return found !== null && (!found.ok || found.value !== null) ? (found as Told<T>) : make()
  })
}

/** The same backoff as for a question. @returns the last failure once it is no use to go on */
export async function insist<T>(patience: Patience, deed: () => Promise<Told<T>>): Promise<Told<T>> {
  let tries: Tries = {}
  for (;;) {
    const told = await deed()
    if (told.ok) return told
    tries = countTry(tries, told.failure)
    const next = nextTry(told.failure, tries, patience.job.config.run, patience.random())
    if (next.kind !== 'wait' || patience.drain.aborted) return told
    await pause(patience, next.waitMs)
  }
}

const STOPPED: AskFailure = {
  code: 'interrupted',
  message: 'the run was stopped',
  mayBeBilled: false,
  retryAfterMs: null,
  isSystemic: false,
  httpStatus: null,
}

/** Ends early, without a word, when the run is drained. */
async function pause({ drain }: Patience, waitMs: number): Promise<void> {
  try {
    await sleep(waitMs, undefined, { signal: drain })
  } catch (cause) {
    if (!drain.aborted) throw cause
  }
}
