import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { ArchiveRecord } from '../../../schemas/archive.ts'
import { RffError } from '../../../schemas/failure.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'
import { syncDirectory } from '../../../shards/lifecycle.ts'
import type { Workspace } from '../workspace.ts'
import { archivesDirOf, latestRecords } from './archive-index.ts'
import { type FileSink, readArchive } from './read-archive.ts'
import { recordNamed, troubleOf } from './verify-archives.ts'

/**
 * Puts a run or a field back where it was, byte for byte, whole or not at all. The archive and its record stay.
 *
 * The caller holds the lease `archive`.
 *
 * @throws RffError not_found, file_exists, archive_damaged
 */
export async function restoreArchive({ dir }: Workspace, name: string): Promise<ArchiveRecord> {
  const archivesDir = archivesDirOf(dir)
  const record = recordNamed(latestRecords(archivesDir), name)
  const target = join(dir, record.original)
  if (existsSync(target)) throw new RffError('file_exists', `${target} is there already`)
  const trouble = await troubleOf(archivesDir, record)
  if (trouble !== null) throw new RffError(trouble.code, trouble.message)
  const growing = join(dirname(target), `.${record.tag}.restoring`)
  rmSync(growing, { recursive: true, force: true })
  makeFolder(growing)
  await readArchive(join(archivesDir, record.file), record.original, (path) =>
    durableFile(join(growing, relative(record.original, path))),
  )
  renameSync(growing, target)
  syncDirectory(dirname(target))
  return record
}

/** @param path lies inside the folder that grows: readArchive lets no other through */
function durableFile(path: string): FileSink {
  makeFolder(dirname(path))
  const handle = openSync(path, 'wx')
  return {
    write(chunk) {
      for (let at = 0; at < chunk.length; ) at += writeSync(handle, chunk, at)
    },
    close() {
      fsyncSync(handle)
      closeSync(handle)
      syncDirectory(dirname(path))
    },
  }
}
