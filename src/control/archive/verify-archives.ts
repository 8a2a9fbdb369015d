import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ArchiveRecord } from '../../../schemas/archive.ts'
import { type Failure, RffError } from '../../../schemas/failure.ts'
import { latestRecords } from './archive-index.ts'
import { hashFile } from './folder-manifest.ts'
import { readArchive } from './read-archive.ts'

export interface VerifiedArchive {
  readonly record: ArchiveRecord
  /** null: the archive and every file in it are what was recorded. */
  readonly failure: Failure | null
}

/**
 * @param names all if empty
 * @throws RffError not_found for a name that the index does not have
 */
export async function verifyArchives(
  archivesDir: string,
  names: readonly string[],
): Promise<VerifiedArchive[]> {
  const records = latestRecords(archivesDir)
  const wanted = names.length === 0 ? [...records.keys()] : names
  const verified: VerifiedArchive[] = []
  for (const name of wanted) {
    const record = recordNamed(records, name)
    verified.push({ record, failure: await troubleOf(archivesDir, record) })
  }
  return verified
}

export function recordNamed(records: ReadonlyMap<string, ArchiveRecord>, name: string): ArchiveRecord {
  const record = records.get(name)
  if (record === undefined) throw new RffError('not_found', `no archive is named ${JSON.stringify(name)}`)
  return record
}

export const isWhole = async (archivesDir: string, record: ArchiveRecord): Promise<boolean> =>
  (await troubleOf(archivesDir, record)) === null

/** The digest of the archive first: nothing of a file that is not the recorded one is looked into. */
export async function troubleOf(archivesDir: string, record: ArchiveRecord): Promise<Failure | null> {
  const path = join(archivesDir, record.file)
  const damaged = (message: string): Failure => ({ code: 'archive_damaged', message })
  if (!existsSync(path)) return damaged(`${path} is missing`)
  const { size } = statSync(path)
  if (size !== record.archive_bytes)
    return damaged(`${path} has ${size} bytes, recorded were ${record.archive_bytes}`)
  const { sha256 } = await hashFile(path)
  if (sha256 !== record.archive_sha256)
    return damaged(`${path} has SHA-256 ${sha256}, recorded was ${record.archive_sha256}`)
  try {
    const manifest = await readArchive(path, record)
    if (manifest.sha256 === record.manifest_sha256) return null
    return damaged(
      `the files of ${path} have SHA-256 ${manifest.sha256}, recorded was ${record.manifest_sha256}`,
    )
  } catch (cause) {
    if (cause instanceof RffError) return { code: cause.code, message: cause.message }
    throw cause
  }
}
