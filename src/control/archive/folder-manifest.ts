/** Every file of a folder with its SHA-256: what an archive must hold, no more and no less. */
import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { RffError } from '../../../schemas/failure.ts'

export interface FileEntry {
  /** Relative to the workspace, with slashes. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

export interface FolderManifest {
  /** Ascending by path. */
  readonly files: readonly FileEntry[]
  readonly bytes: number
  readonly sha256: string
}

/**
 * @param original the folder, relative to `root`
 * @throws RffError input_unreadable where it holds anything but files and folders: nobody of ours put that there
 */
export async function manifestOfFolder(root: string, original: string): Promise<FolderManifest> {
  const files: FileEntry[] = []
  for (const path of pathsOf(root, original)) files.push({ path, ...(await hashFile(join(root, path))) })
  return manifestOf(files)
}

export function manifestOf(entries: readonly FileEntry[]): FolderManifest {
  const files = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))
  const text = files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('')
  return {
    files,
    bytes: files.reduce((n, { bytes }) => n + bytes, 0),
    sha256: createHash('sha256').update(text).digest('hex'),
  }
}

/** Of parts that name something, without marks that other programs take for a path or for the end of a line. */
export const isPlainPath = (path: string): boolean =>
  !/[\\\p{Cc}]/u.test(path) && !path.split('/').some((part) => ['', '.', '..'].includes(part))

function pathsOf(root: string, folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`
    const stat = lstatSync(join(root, path))
    if (stat.isDirectory()) return pathsOf(root, path)
    if (!stat.isFile())
      throw new RffError('input_unreadable', `${path} is neither a file nor a folder, so it is not archived`)
    if (!isPlainPath(path))
      throw new RffError('input_unreadable', `${JSON.stringify(path)} has a name that is not archived`)
    return [path]
  })
}

export async function hashFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}
