import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { syncDirectory } from './lifecycle.ts'

/**
 * Makes a folder and those above it that are missing, so that a power cut leaves them where they are.
 *
 * A file that was synced lies in a folder whose own name may not be durable yet: what is new is synced from the top down.
 */
export function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true })
  if (first === undefined) return
  const above: string[] = []
  for (let folder = resolve(path); folder.length >= first.length; folder = dirname(folder))
    above.unshift(dirname(folder))
  for (const folder of above) syncDirectory(folder)
}
