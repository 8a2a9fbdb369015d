/** archives/index.jsonl: append-only; a record of everything that left the workspace, also of what came back. */
import { join } from 'node:path'
import { type ArchiveRecord, archiveRecord } from '../../../schemas/archive.ts'
import { RffError } from '../../../schemas/failure.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'
import { appendLine, readWholeLines } from '../append-line.ts'

export const archivesDirOf = (workspaceDir: string): string => join(workspaceDir, 'archives')

const indexPath = (archivesDir: string): string => join(archivesDir, 'index.jsonl')

/**
 * In the order in which they were written; a line that a dead process left torn at the end is no record.
 *
 * @throws RffError archive_damaged where a line before the last is none of ours
 */
export function readArchiveIndex(archivesDir: string): ArchiveRecord[] {
  return readWholeLines(indexPath(archivesDir)).map((line, at) => {
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
  makeFolder(archivesDir)
  appendLine(indexPath(archivesDir), JSON.stringify(record))
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // told by the schema, with the place of the line
  }
}
