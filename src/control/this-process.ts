/** What tells one process from another: its number, when it started, and on which machine. */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export interface ProcessIdentity {
  /** For people. */
  readonly holder: string
  readonly pid: number
  readonly pidStarted: string
  readonly machine: string
}

/** Where process numbers mean the same: a container has numbers of its own, also under the name of its host. */
export const machineName = (): string => {
  const numbers = pidNamespace()
  return numbers === null ? hostname() : `${hostname()} ${numbers}`
}

function pidNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null // no /proc here
  }
}

export const thisProcess = (): ProcessIdentity => ({
  holder: `${hostname()} process ${process.pid}`,
  pid: process.pid,
  pidStarted: startOfProcess(process.pid) ?? '',
  machine: machineName(),
})

/** On this machine; a process of another user counts, one that ended and was not buried yet does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'ESRCH'
  }
  return !['Z', 'X'].includes(statOf(pid)[STATE] ?? '')
}

/** @returns which boot of the machine and which of its clock ticks; null where the system does not tell */
export function startOfProcess(pid: number): string | null {
  const started = statOf(pid)[STARTED]
  if (started === undefined) return null
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${started}`
}

/** Fields 3 and 22 of Linux's /proc/PID/stat, counted from behind the name, which may hold anything. */
const STATE = 0
const STARTED = 19

function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    // No /proc here, or the process is gone; kill(pid, 0) tells which.
    return []
  }
}
