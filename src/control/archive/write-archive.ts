import { createWriteStream, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { create } from 'tar'
import { RffError } from '../../../schemas/failure.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'
import { syncDirectory } from '../../../shards/lifecycle.ts'
import { syncFile } from '../merge/write-durably.ts'
import { compressor } from './compression.ts'
import { type FolderManifest, hashFile } from './folder-manifest.ts'
import { readArchive } from './read-archive.ts'

/** How the name of an archive begins that is not whole yet. */
export const UNFINISHED = '.new-'

/**
 * Packs the files of a folder, reads the archive back, compares, and only then gives it its name.
 *
 * @param root of the workspace
 * @param target path of the archive; its folder is made where it is missing
 * @returns size and digest of the archive
 * @throws RffError archive_damaged where what was read back is not what was to be packed
 */
export async function writeArchive(
  root: string,
  original: string,
  manifest: FolderManifest,
  target: string,
): Promise<{ bytes: number; sha256: string }> {
  makeFolder(dirname(target))
  // Ends as the archive does, since that says how it is compressed.
  const temporary = join(dirname(target), `${UNFINISHED}${basename(target)}`)
  const packed = create({ cwd: root, portable: true, follow: false, noDirRecurse: true }, filesOf(manifest))
  await pipeline(Readable.from(packed), compressor(), createWriteStream(temporary))
  const { files, bytes } = manifest
  const readBack = await readArchive(temporary, { original, files: files.length, bytes })
  if (readBack.sha256 !== manifest.sha256)
    throw new RffError(
      'archive_damaged',
      `${target} read back as ${readBack.sha256}, expected ${manifest.sha256}`,
    )
  syncFile(temporary)
  renameSync(temporary, target)
  // Up to the workspace: before the folder goes, its archive must be found from there after a power cut.
  for (let folder = dirname(target); folder.length >= root.length; folder = dirname(folder))
    syncDirectory(folder)
  return hashFile(target)
}

/** Every path begins with `runs/` or `field/`, so none is taken for an option or for tar's own `@archive`. */
const filesOf = ({ files }: FolderManifest): string[] => files.map(({ path }) => path)
