import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { ArchiveRecord } from '../../../schemas/archive.ts'
import { RffError } from '../../../schemas/failure.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'
import { syncDirectory } from '../../../shards/lifecycle.ts'
import type { Workspace } from '../workspace.ts'
import { archivesDirOf, latestRecords } from './archive-index.ts'
import { growingOf } from './clear-unfinished.ts'
import { type FileSink, readArchive } from './read-archive.ts'
import { recordNamed, troubleOf } from './verify-archives.ts'

/**
 * Puts a run or a field back where it was, byte for byte, whole or not at all. The archive and its record stay.
 *
 * The caller holds the lease `archive`.
 *
 * @throws RffError not_found, file_exists, archive_damaged, disk_full
 */
export async function restoreArchive({ dir }: Workspace, name: string): Promise<ArchiveRecord> {
  const archivesDir = archivesDirOf(dir)
  const record = recordNamed(latestRecords(archivesDir), name)
  const target = join(dir, record.original)
  if (existsSync(target)) throw new RffError('file_exists', `${target} is there already`)
  const trouble = await troubleOf(archivesDir, record)
  if (trouble !== null) throw new RffError(trouble.code, trouble.message)
  expectRoom(dir, record)
  const growing = growingOf(target)
  rmSync(growing, { recursive: true, force: true })
  try {
    await unpack(join(archivesDir, record.file), record, growing)
  } catch (cause) {
    rmSync(growing, { recursive: true, force: true })
    throw cause
  }
  renameSync(growing, target)
  syncDirectory(dirname(target))
  return record
}

/**
 * It is known before how much will be written. A file takes whole blocks, and a name of those that the file system has; one
 * that has any number of names says that it has none.
 *
 * @throws RffError disk_full
 */
function expectRoom(dir: string, { name, bytes, files }: ArchiveRecord): void {
  const { bavail, bsize, ffree, files: fileNames } = statfsSync(dir)
  const needed = bytes + files * bsize
  if (needed > bavail * bsize)
    throw new RffError('disk_full', `${name} takes ${needed} bytes, ${bavail * bsize} are free`)
  if (fileNames > 0 && files > ffree)
    throw new RffError('disk_full', `${name} has ${files} files, the file system takes ${ffree} more`)
}

/** Verified before, and once more as it was written: somebody may have put another file in its place meanwhile. */
async function unpack(archive: string, record: ArchiveRecord, growing: string): Promise<void> {
  makeFolder(growing)
  const { sha256 } = await readArchive(archive, record, (path) =>
    durableFile(join(growing, relative(record.original, path))),
  )
  if (sha256 !== record.manifest_sha256)
    throw new RffError(
      'archive_damaged',
      `the files of ${archive} have SHA-256 ${sha256}, recorded was ${record.manifest_sha256}`,
    )
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
