import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncDirectory } from '../../shards/lifecycle.ts'

/** Appends a line that is durable when this returns; a torn one that a dead process left at the end is cut. */
export function appendLine(path: string, line: string): void {
  const isNew = !existsSync(path)
  const handle = openSync(path, 'a+')
  try {
    const text = readFileSync(handle, 'utf8')
    ftruncateSync(handle, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)))
    writeSync(handle, `${line}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  if (isNew) syncDirectory(dirname(path))
}

/** @returns whole lines; what stands torn at the end is none */
export const readWholeLines = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
