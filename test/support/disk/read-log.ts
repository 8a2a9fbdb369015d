/** What preload/disk.c wrote down, as events in the order in which they happened. Paths are relative to the recorded root. */
import { existsSync, readFileSync } from 'node:fs'

export type DiskEvent = { readonly thread: number; readonly path: string } & (
  | { readonly kind: 'create' | 'mkdir' | 'sync' | 'unlink' | 'rmdir' }
  | { readonly kind: 'write'; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly length: number }
  | { readonly kind: 'rename'; readonly to: string }
  /** The first bytes of what left through a socket. */
  | { readonly kind: 'message'; readonly data: Buffer }
)

const PLAIN = { C: 'create', M: 'mkdir', S: 'sync', U: 'unlink', D: 'rmdir' } as const

export function readLog(log: string, root: string): DiskEvent[] {
  if (!existsSync(log)) return []
  const bytes = readFileSync(log)
  const inRoot = (path: string): string => path.slice(root.length + 1)
  const events: DiskEvent[] = []
  for (let at = 0; at < bytes.length; ) {
    const letter = String.fromCharCode(bytes[at]!)
    const thread = bytes.readUInt32LE(at + 1)
    const pathEnd = at + 21 + bytes.readUInt32LE(at + 5)
    const offset = Number(bytes.readBigUInt64LE(at + 9))
    const dataEnd = pathEnd + bytes.readUInt32LE(at + 17)
    const path = inRoot(bytes.toString('utf8', at + 21, pathEnd))
    const data = bytes.subarray(pathEnd, dataEnd)
    at = dataEnd
    if (letter === 'W') events.push({ kind: 'write', thread, path, offset, data })
    else if (letter === 'T') events.push({ kind: 'truncate', thread, path, length: offset })
    else if (letter === 'R') events.push({ kind: 'rename', thread, path, to: inRoot(data.toString()) })
    else if (letter === 'N') events.push({ kind: 'message', thread, path: '', data })
    else events.push({ kind: PLAIN[letter as keyof typeof PLAIN], thread, path })
  }
  return events
}
