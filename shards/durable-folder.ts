import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { RffError } from '../schemas/failure.ts'
import { syncDirectory } from './lifecycle.ts'

/**
 * Makes a folder and those above it that are missing, so that a power cut leaves them where they are.
 *
 * A file that was synced lies in a folder whose own name may not be durable yet: what is new is synced from the top down.
 *
 * @throws RffError file_exists where a file stands in its way
 */
export function makeFolder(path: string): void {
  const first = makeMissing(path)
  if (first === undefined) return
  const above: string[] = []
  for (let folder = resolve(path); folder.length >= first.length; folder = dirname(folder))
    above.unshift(dirname(folder))
  for (const folder of above) syncDirectory(folder)
}

function makeMissing(path: string): string | undefined {
  try {
    return mkdirSync(path, { recursive: true })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw cause
    throw new RffError('file_exists', `${path} cannot be a folder: a file stands in its way`, { cause })
  }
}
