/** Runs the built command line with shim.c between it and the kernel: recorded, or with a disk that fails. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Finished, startCli } from '../cli.ts'
import { newFolder } from '../folder.ts'
import { type DiskEvent, readLog } from './read-log.ts'

const SOURCE = new URL('./shim.c', import.meta.url).pathname

/** Whether there is a C compiler, and a loader that preloads. */
export const canPreload = (): boolean => {
  try {
    return process.platform === 'linux' && compiled() !== ''
  } catch {
    return false
  }
}

let library: string | undefined

/** Compiled once a process, and gone with it. */
function compiled(): string {
  if (library !== undefined) return library
  const folder = mkdtempSync(join(tmpdir(), 'rff-shim-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'shim.so')
  execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', path, SOURCE, '-ldl', '-lpthread'], { stdio: 'pipe' })
  library = path
  return path
}

/** Node's file calls must go through libc, not through a ring that the kernel empties. */
const preloaded = (root: string): Record<string, string> => ({
  LD_PRELOAD: compiled(),
  RFF_DISK_ROOT: root,
  UV_USE_IO_URING: '0',
})

export interface Recorded extends Finished {
  readonly events: readonly DiskEvent[]
}

/** @param root everything below is recorded; the workspace lies in it */
export async function recordCli(root: string, dir: string, args: readonly string[]): Promise<Recorded> {
  const log = join(newFolder(), 'log')
  const finished = await startCli(dir, args, { ...preloaded(root), RFF_DISK_LOG: log }).finished
  return { ...finished, events: readLog(log, root) }
}

export interface DiskFault {
  readonly code: 'ENOSPC' | 'EIO' | 'EROFS'
  readonly on: 'write' | 'sync' | 'any'
  /** The call that fails first, counted from 1. */
  readonly from: number
  /** How many fail, one after the other; all of them where it is not given. */
  readonly times?: number
  /** Only paths that hold this. */
  readonly where: string
}

const ERRNO = { EIO: 5, ENOSPC: 28, EROFS: 30 } as const

export const cliOnFailingDisk = (
  root: string,
  dir: string,
  args: readonly string[],
  { code, on, from, times = 1_000_000_000, where }: DiskFault,
): Promise<Finished> =>
  startCli(dir, args, {
    ...preloaded(root),
    RFF_DISK_FAULT: `${ERRNO[code]}:${on}:${from}:${times}:${where}`,
  }).finished
