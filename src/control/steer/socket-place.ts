/**
 * Where the processes of a run listen: `ctl/<pid>.sock` in the workspace, in a folder that nobody else may enter.
 *
 * The system takes no socket path longer than about a hundred bytes, so a deep workspace is reached through the number
 * of its opened folder.
 */
import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Workspace } from '../workspace.ts'

const LONGEST_PATH_BYTES = 100
const SOCKET_NAME = /^(\d+)\.sock$/

export interface SocketPlace {
  readonly pid: number
  readonly path: string
}

const folderOf = ({ dir }: Workspace): string => join(dir, 'ctl')

/** Makes the folder, for its owner alone. */
export function ownSocket(workspace: Workspace, pid: number): SocketPlace {
  const folder = folderOf(workspace)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  return placeOf(workspace, pid)
}

const placeOf = (workspace: Workspace, pid: number): SocketPlace => ({
  pid,
  path: join(folderOf(workspace), `${pid}.sock`),
})

/** Sockets that lie there, also of processes that are gone; by process number. */
export function knownSockets(workspace: Workspace): SocketPlace[] {
  let names: string[]
  try {
    names = readdirSync(folderOf(workspace))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw cause
  }
  return names
    .flatMap((name) => SOCKET_NAME.exec(name)?.[1] ?? [])
    .map((pid) => placeOf(workspace, Number(pid)))
    .sort((a, b) => a.pid - b.pid)
}

/** Whether it is a socket, and ours: another user's would hear what we say and answer what it likes. */
export function isOwnSocket({ path }: SocketPlace): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isSocket() === true && (process.getuid === undefined || found.uid === process.getuid())
}

/**
 * Calls `use` with an address of the socket that is short enough for the system.
 *
 * @returns what `use` returned; the address holds until `release` is called
 */
export function shortAddress({ path }: SocketPlace): { address: string; release: () => void } {
  if (Buffer.byteLength(path) <= LONGEST_PATH_BYTES) return { address: path, release: () => undefined }
  const at = path.lastIndexOf('/')
  const folder = openSync(path.slice(0, at), 'r')
  return { address: `/proc/self/fd/${folder}${path.slice(at)}`, release: () => closeSync(folder) }
}
