import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { syncDirectory } from '../../../shards/lifecycle.ts'
import { isRunning } from '../this-process.ts'

/**
 * Replaces a file so that at every moment, and after a power cut, it holds either the old text or the new one.
 *
 * Several processes may do so at once, the last one wins: each has a temporary name of its own, and what a killed one
 * left is cleared away by the next.
 */
export function writeDurably(path: string, text: string): void {
  const dir = dirname(path)
  clearLeft(dir, basename(path))
  const temporary = join(dir, `.${basename(path)}.${process.pid}.new`)
  writeFileSync(temporary, text)
  syncFile(temporary)
  renameSync(temporary, path)
  syncDirectory(dir)
}

function clearLeft(dir: string, base: string): void {
  for (const name of readdirSync(dir)) {
    if (!name.startsWith(`.${base}.`) || !name.endsWith('.new')) continue
    const pid = Number(name.slice(base.length + 2, -'.new'.length))
    if (Number.isSafeInteger(pid) && pid > 0 && isRunning(pid)) continue
    rmSync(join(dir, name), { force: true })
  }
}

export function syncFile(path: string): void {
  const handle = openSync(path, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
