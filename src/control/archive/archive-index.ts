/** archives/index.jsonl: append-only; a record of everything that left the workspace, also of what came back. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { type ArchiveRecord, archiveRecord } from '../../../schemas/archive.ts'
import { RffError } from '../../../schemas/failure.ts'
import { syncDirectory } from '../../../shards/lifecycle.ts'

export const archivesDirOf = (workspaceDir: string): string => join(workspaceDir, 'archives')

const indexPath = (archivesDir: string): string => join(archivesDir, 'index.jsonl')

/**
 * In the order in which they were written; a line that a dead process left torn at the end is no record.
 *
 * @throws RffError archive_damaged where a line before the last is none of ours
 */
export function readArchiveIndex(archivesDir: string): ArchiveRecord[] {
  if (!existsSync(indexPath(archivesDir))) return []
  const lines = readFileSync(indexPath(archivesDir), 'utf8').split('\n').slice(0, -1)
  return lines.map((line, at) => {
    const parsed = archiveRecord.safeParse(asJson(line))
    if (parsed.success) return parsed.data
    throw new RffError(
      'archive_damaged',
      `line ${at + 1} of ${indexPath(archivesDir)} is no record: ${parsed.error.issues[0]?.message}`,
    )
  })
}

/** The newest record of each name. */
export function latestRecords(archivesDir: string): Map<string, ArchiveRecord> {
  return new Map(readArchiveIndex(archivesDir).map((record) => [record.name, record]))
}

/** Durable when it returns. */
export function appendArchiveRecord(archivesDir: string, record: ArchiveRecord): void {
  mkdirSync(archivesDir, { recursive: true })
  const handle = openSync(indexPath(archivesDir), 'a+')
  try {
    const text = readFileSync(handle, 'utf8')
    ftruncateSync(handle, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)))
    writeSync(handle, `${JSON.stringify(record)}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  syncDirectory(archivesDir)
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // told by the schema, with the place of the line
  }
}
