/**
 * Writes ok.jsonl and bad.jsonl of a run, one pair of files per shard, from the tables.
 *
 * The shard keeps how far it has come: the last row, and the length of each file up to it. What stands behind that
 * length was written by somebody who died before the cursor moved, so it is cut: no line is torn, none stands twice. A
 * file that is shorter than that was archived, removed or cut by somebody, so both are written anew. A cluster that was
 * done again has a second line, and its last line holds.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Db } from '../../db/open.ts'
import { outcomeLineQueries } from '../../db/queries/outcome-lines.ts'
import { makeFolder } from '../../shards/durable-folder.ts'
import { syncDirectory } from '../../shards/lifecycle.ts'
import { shardName } from '../../shards/shard-path.ts'

const PAGE_LINES = 500
const FILES = [
  ['ok', 'ok'],
  ['bad', 'quarantined'],
] as const

interface OutcomeFiles {
  readonly runId: number
  readonly shardNo: number
  readonly dir: string
  readonly guard: () => void
}

/** @returns lines written */
export function writeOutcomeLines(db: Db, { runId, shardNo, dir, guard }: OutcomeFiles): number {
  const queries = outcomeLineQueries(db)
  const cursorName = `lines:${runId}`
  const files = FILES.map(([name, outcome]) => ({
    path: join(dir, `${name}.${shardName(shardNo)}.jsonl`),
    lengthName: `${name}-bytes:${runId}`,
    outcome,
  }))
  makeFolder(dir)
  if (files.some(({ path, lengthName }) => lengthOf(path) < queries.cursor(lengthName)))
    db.transaction(() => {
      guard()
      queries.moveCursor(cursorName, 0)
      for (const { path, lengthName } of files) {
        queries.moveCursor(lengthName, 0)
        rmSync(path, { force: true })
      }
    }).immediate()
  let written = 0
  for (;;) {
    const page = queries.after(runId, queries.cursor(cursorName), PAGE_LINES)
    if (page.length === 0) return written
    const linesOf = (outcome: string): string =>
      page
        .filter((row) => row.outcome === outcome)
        .map((row) => `${row.line}\n`)
        .join('')
    // The files are written under the lock of the shard: whoever slept through the lease must not cut them.
    db.transaction(() => {
      guard()
      for (const { path, lengthName, outcome } of files)
        queries.moveCursor(lengthName, appendAt(path, queries.cursor(lengthName), linesOf(outcome)))
      queries.moveCursor(cursorName, page.at(-1)!.doneSeq)
    }).immediate()
    written += page.length
  }
}

const lengthOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** @returns the file's length afterwards, in bytes, durable */
function appendAt(path: string, lengthBytes: number, text: string): number {
  if (text === '') return lengthBytes
  const isNew = !existsSync(path)
  const handle = openSync(path, 'a+')
  try {
    ftruncateSync(handle, lengthBytes)
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at)
    fsyncSync(handle)
    if (isNew) syncDirectory(dirname(path))
    return lengthBytes + bytes.length
  } finally {
    closeSync(handle)
  }
}
