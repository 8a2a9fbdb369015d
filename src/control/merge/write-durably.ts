import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { syncDirectory } from '../../../shards/lifecycle.ts'

/**
 * Replaces a file so that at every moment, and after a power cut, it holds either the old text or the new one.
 *
 * The temporary name is always the same, so a killed call leaves one file that the next call takes over.
 */
export function writeDurably(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.new`)
  writeFileSync(temporary, text)
  syncFile(temporary)
  renameSync(temporary, path)
  syncDirectory(dirname(path))
}

export function syncFile(path: string): void {
  const handle = openSync(path, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
