/** Runs the built command line with preload/disk.c between it and the kernel: recorded, or on a disk that fails. */
import { join } from 'node:path'
import { type Finished, startCli } from '../cli.ts'
import { newFolder } from '../folder.ts'
import { preload } from '../preload/preload.ts'
import { type DiskEvent, readLog } from './read-log.ts'

/** Node's file calls must go through libc, not through a ring that the kernel empties. */
const preloaded = (root: string): Record<string, string> => ({
  LD_PRELOAD: preload('disk'),
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
  readonly code: 'ENOSPC' | 'EIO' | 'EACCES'
  /** `open`: for writing. */
  readonly on: 'write' | 'sync' | 'open'
  /** The call that fails first, counted from 1; all after it fail too. */
  readonly from: number
  /** Only paths that hold this. */
  readonly where: string
}

const ERRNO = { EIO: 5, EACCES: 13, ENOSPC: 28 } as const

export const cliOnFailingDisk = (
  dir: string,
  args: readonly string[],
  { code, on, from, where }: DiskFault,
): Promise<Finished> =>
  startCli(dir, args, {
    ...preloaded(dir),
    RFF_DISK_FAULT: `${ERRNO[code]}:${on}:${from}:1000000000:${where}`,
  }).finished
