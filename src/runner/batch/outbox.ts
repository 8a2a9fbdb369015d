/**
 * Gathers questions for batches: each becomes a line of a file on this machine, and the file an intent.
 *
 * The lines lie on disk and not in memory, since a batch may have 200 MB. The intent, its attempts and their reservations
 * are one commit, made after the file is durable and before anything leaves; a file without an intent is a leftover of
 * somebody who died, and nobody was asked for what is in it.
 */
import { closeSync, fsyncSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { attemptQueries, Intent } from '../../../db/queries/attempts.ts'
import type { batchQueries } from '../../../db/queries/batches.ts'
import { batchIntentIdOf } from '../../../schemas/batch-intent-id.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'
import { syncDirectory } from '../../../shards/lifecycle.ts'
import { shardName } from '../../../shards/shard-path.ts'
import type { ShardJob } from '../../../workers/protocol.ts'
import type { CommitGroup } from '../commit-group.ts'

/** A question with its line, reserved for and not yet intended. */
export interface Line {
  readonly attemptId: number
  readonly intent: Intent
  readonly text: string
}

export interface Outbox {
  /** The cap had no room for a question: no more of them are worth looking at before a batch is booked. */
  isSpent: boolean
  /** Whether the question is among those that were put in. */
  has(requestKey: string): boolean
  /** @param mostLines of one batch of this model */
  put(line: Line, mostLines: number): void
  /** Makes batches of all that was put in. @returns once they are durable */
  close(): Promise<void>
  /** Forgets what was put in and not intended. */
  discard(): void
}

/** Where what leaves is written down first. */
interface Books {
  readonly commits: CommitGroup
  readonly attempts: ReturnType<typeof attemptQueries>
  readonly batches: ReturnType<typeof batchQueries>
  readonly nowMs: () => number
}

/** One file that is being written. */
interface Spool {
  readonly provider: string
  readonly model: string
  readonly intentId: string
  readonly path: string
  readonly handle: number
  readonly lines: { readonly attemptId: number; readonly intent: Intent }[]
  bytes: number
  /** Not written yet. */
  pending: string[]
  pendingChars: number
}

const WRITE_AT_CHARS = 1_000_000

export const spoolDirOf = ({ runDir, meta }: Pick<ShardJob, 'runDir' | 'meta'>): string =>
  join(runDir, 'batches', shardName(meta.shardNo))

export const spoolPathOf = (job: Pick<ShardJob, 'runDir' | 'meta'>, intentId: string): string =>
  join(spoolDirOf(job), `${intentId}.jsonl`)

/** Files that no open intent names. @param intentIds of the batches that are open */
export function removeLeftovers(job: ShardJob, intentIds: readonly string[]): void {
  const named = new Set(intentIds.map((intentId) => `${intentId}.jsonl`))
  const dir = spoolDirOf(job)
  makeFolder(dir)
  for (const name of readdirSync(dir)) if (!named.has(name)) rmSync(join(dir, name))
}

export function openOutbox(job: ShardJob, { commits, attempts, batches, nowMs }: Books): Outbox {
  const { maxBytes } = job.config.batch
  const spools = new Map<string, Spool>()
  const requestKeys = new Set<string>()
  const closing: Promise<void>[] = []

  function spoolFor({ attemptId, intent: { provider, model } }: Line): Spool {
    const key = `${provider}\0${model}`
    const known = spools.get(key)
    if (known !== undefined) return known
    const intentId = batchIntentIdOf(job.meta.lineage, attemptId)
    const path = spoolPathOf(job, intentId)
    makeFolder(spoolDirOf(job))
    const begun: Spool = {
      ...{ provider, model, intentId, path, handle: openSync(path, 'w') },
      ...{ lines: [], bytes: 0, pending: [], pendingChars: 0 },
    }
    spools.set(key, begun)
    return begun
  }

  function intend(spool: Spool): Promise<void> {
    spools.delete(`${spool.provider}\0${spool.model}`)
    writeOut(spool)
    fsyncSync(spool.handle)
    closeSync(spool.handle)
    syncDirectory(spoolDirOf(job))
    return commits.join(() => {
      const { intentId, provider, model, lines, bytes } = spool
      const intendedAtMs = nowMs()
      const batch = { intentId, provider, model, runId: job.runId, intendedAtMs }
      batches.intend({ ...batch, lineCount: lines.length, fileBytes: bytes })
      for (const { attemptId, intent } of lines) {
        attempts.intend(attemptId, { ...intent, sentAtMs: intendedAtMs })
        batches.assign(attemptId, intentId)
      }
    })
  }

  return {
    isSpent: false,
    has: (requestKey) => requestKeys.has(requestKey),
    put(line, mostLines) {
      const bytes = Buffer.byteLength(line.text) + 1
      const open = spoolFor(line)
      const isFull = open.lines.length >= mostLines || open.bytes + bytes > maxBytes
      const spool = isFull && open.lines.length > 0 ? startNext(open, line) : open
      spool.lines.push({ attemptId: line.attemptId, intent: line.intent })
      requestKeys.add(line.intent.requestKey)
      spool.bytes += bytes
      spool.pending.push(line.text)
      spool.pendingChars += line.text.length
      if (spool.pendingChars >= WRITE_AT_CHARS) writeOut(spool)
    },
    async close() {
      for (const spool of [...spools.values()]) closing.push(intend(spool))
      await Promise.all(closing.splice(0))
    },
    discard() {
      for (const { handle, path } of spools.values()) {
        closeSync(handle)
        rmSync(path)
      }
      spools.clear()
    },
  }

  function startNext(full: Spool, line: Line): Spool {
    const intended = intend(full)
    intended.catch(() => undefined) // close hears of it
    closing.push(intended)
    return spoolFor(line)
  }
}

function writeOut(spool: Spool): void {
  if (spool.pending.length === 0) return
  const bytes = Buffer.from(`${spool.pending.join('\n')}\n`)
  for (let at = 0; at < bytes.length; ) at += writeSync(spool.handle, bytes, at)
  spool.pending = []
  spool.pendingChars = 0
}
