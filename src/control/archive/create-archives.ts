/**
 * Moves old runs and fields out of the working set, into archives.
 *
 * Nothing is removed before its archive was read back and its record is durable. Killed at any moment, a folder is still
 * in its place, or it is in an archive that the index names; the next call goes on from there.
 */
import { existsSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ArchiveRecord } from '../../../schemas/archive.ts'
import { RffError } from '../../../schemas/failure.ts'
import { syncDirectory } from '../../../shards/lifecycle.ts'
import type { Workspace } from '../workspace.ts'
import { appendArchiveRecord, archivesDirOf, latestRecords, readArchiveIndex } from './archive-index.ts'
import { clearUnfinished } from './clear-unfinished.ts'
import { archiveSuffix } from './compression.ts'
import { type FolderManifest, manifestOfFolder } from './folder-manifest.ts'
import { findRetiring, type Retiring, retiringOf } from './retention.ts'
import { isWhole } from './verify-archives.ts'
import { writeArchive } from './write-archive.ts'

export interface CreateOptions {
  /** Newest runs, and newest fields, that stay. */
  readonly keep: number
  readonly nowMs: () => number
  readonly signal?: AbortSignal | undefined
  /** Called before anything is removed; throws where that is no longer ours to do. */
  readonly guard: () => void
}

/**
 * The caller holds the leases `archive` and `merge`.
 *
 * @returns the records of what left, oldest first
 * @throws RffError archive_damaged, disk_full, interrupted
 */
export async function createArchives(workspace: Workspace, options: CreateOptions): Promise<ArchiveRecord[]> {
  finishRemovals(workspace)
  clearUnfinished(workspace)
  const records: ArchiveRecord[] = []
  for (const retiring of findRetiring(workspace, options.keep)) {
    if (options.signal?.aborted) {
      throw new RffError('interrupted', `stopped before ${retiring.name}; ${records.length} are archived`)
    }
    records.push(await archiveOne(workspace, retiring, options))
  }
  return records
}

async function archiveOne(
  workspace: Workspace,
  retiring: Retiring,
  { nowMs, guard }: CreateOptions,
): Promise<ArchiveRecord> {
  const { dir } = workspace
  const folder = join(dir, retiring.original)
  const before = stampOf(folder)
  const manifest = await manifestOfFolder(dir, retiring.original)
  const record =
    (await knownArchive(dir, retiring, manifest)) ?? (await pack(dir, retiring, manifest, nowMs()))
  guard()
  if (stampOf(folder) !== before)
    throw new RffError(
      'lock_held',
      `somebody wrote into ${retiring.original} while it was archived; it stays`,
    )
  remove(folder)
  return record
}

/** One that was written before a crash, or from which the folder was restored: the same content needs no second one. */
async function knownArchive(
  dir: string,
  { name }: Retiring,
  { sha256 }: FolderManifest,
): Promise<ArchiveRecord | null> {
  const record = latestRecords(archivesDirOf(dir)).get(name)
  if (record?.manifest_sha256 !== sha256) return null
  return (await isWhole(archivesDirOf(dir), record)) ? record : null
}

async function pack(
  dir: string,
  { name, kind, tag, original }: Retiring,
  manifest: FolderManifest,
  nowMs: number,
): Promise<ArchiveRecord> {
  const archivesDir = archivesDirOf(dir)
  const createdAt = new Date(nowMs).toISOString()
  const file = freeFile(archivesDir, `${createdAt.slice(0, 10).replaceAll('-', '')}/${name}`)
  const written = await writeArchive(dir, original, manifest, join(archivesDir, file))
  const record: ArchiveRecord = {
    name,
    kind,
    tag,
    original,
    file,
    manifest_sha256: manifest.sha256,
    archive_sha256: written.sha256,
    files: manifest.files.length,
    bytes: manifest.bytes,
    archive_bytes: written.bytes,
    created_at: createdAt,
  }
  appendArchiveRecord(archivesDir, record)
  return record
}

/** An archive that a record names, be it an older one, is never written over; one without a record was left by a dead process. */
function freeFile(archivesDir: string, stem: string): string {
  const taken = new Set(readArchiveIndex(archivesDir).map(({ file }) => file))
  for (let n = 1; ; n += 1) {
    const file = `${stem}${n === 1 ? '' : `.${n}`}${archiveSuffix()}`
    if (!taken.has(file) || !existsSync(join(archivesDir, file))) return file
  }
}

/** Sizes and times of all files: enough to see that somebody wrote into one. */
function stampOf(folder: string): string {
  const lines = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return lines
    .map((path) => {
      const { size, mtimeMs } = lstatSync(join(folder, path))
      return `${path} ${size} ${mtimeMs}`
    })
    .join('\n')
}

const LEAVING = /^\.(\d{8}_\d{6}(?:_\d+)?)\.leaving$/

/** Renamed first, so that nobody ever sees half of it. */
function remove(folder: string): void {
  const leaving = join(dirname(folder), `.${folder.slice(dirname(folder).length + 1)}.leaving`)
  renameSync(folder, leaving)
  syncDirectory(dirname(folder))
  rmSync(leaving, { recursive: true })
}

/** What a dead process was removing: its record was durable before the first file went. */
function finishRemovals({ dir, runsDir, fieldDir }: Workspace): void {
  const records = latestRecords(archivesDirOf(dir))
  for (const [kind, parent] of [
    ['run', runsDir],
    ['field', fieldDir],
  ] as const) {
    if (!existsSync(parent)) continue
    for (const name of readdirSync(parent)) {
      const tag = LEAVING.exec(name)?.[1]
      if (tag === undefined || !records.has(retiringOf(kind, tag).name)) continue
      rmSync(join(parent, name), { recursive: true })
    }
  }
}
