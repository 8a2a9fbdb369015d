import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { RffError } from '../schemas/failure.ts'
import { syncDirectory } from './lifecycle.ts'

/**
 * Makes a folder and those above it that are missing, so that a power cut leaves them where they are.
 *
 * A file that was synced lies in a folder whose own name may not be durable yet: what is new is synced from the top down.
 *
 * @throws RffError file_exists where a file, or a link that leads nowhere, stands in its way; file_denied where nobody can make folders
 */
export function makeFolder(path: string): void {
  const missing: string[] = []
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder)
  // One by one: mkdirSync with `recursive` goes round for ever where nothing can be made, such as below /proc.
  for (const folder of missing) makeOne(folder)
  for (const folder of missing) syncDirectory(dirname(folder))
  if (!existsSync(path) || !statSync(path).isDirectory()) throw inTheWay(path)
}

function makeOne(path: string): void {
  try {
    mkdirSync(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOTDIR') throw inTheWay(path, cause)
    // The folder above is there, and yet takes none, as that of a file system which the kernel makes up.
    if (code === 'ENOENT')
      throw new RffError('file_denied', `${path} cannot be made: ${dirname(path)} takes no folders`, {
        cause,
      })
    if (code !== 'EEXIST') throw cause // another process was quicker, or a file: seen in the end
  }
}

const inTheWay = (path: string, cause?: unknown): RffError =>
  new RffError(
    'file_exists',
    `${path} cannot be a folder: a file, or a link that leads nowhere, stands in its way`,
    { cause },
  )
