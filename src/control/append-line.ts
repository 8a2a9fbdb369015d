import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncDirectory } from '../../shards/lifecycle.ts'

/** Appends a line that is durable when this returns; a torn one that a dead process left at the end is cut. */
export function appendLine(path: string, line: string): void {
  const isNew = !existsSync(path)
  const handle = openSync(path, 'a+')
  try {
    ftruncateSync(handle, Buffer.byteLength(wholeOf(readFileSync(handle, 'utf8'))))
    writeSync(handle, `${line}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  if (isNew) syncDirectory(dirname(path))
}

/** @returns whole lines; what stands torn at the end is none */
export const readWholeLines = (path: string): string[] =>
  existsSync(path) ? wholeOf(readFileSync(path, 'utf8')).split('\n').slice(0, -1) : []

/** After a power cut the end of a line may be there without its beginning: NULs stand for what never reached the disk. */
function wholeOf(text: string): string {
  const hole = text.indexOf('\0')
  const sound = hole < 0 ? text : text.slice(0, hole)
  return sound.slice(0, sound.lastIndexOf('\n') + 1)
}
