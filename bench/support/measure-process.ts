/**
 * Runs a program and tells what it cost.
 *
 * Processor time is what the kernel adds to a parent's account when it takes leave of a child, grandchildren
 * included, in ticks of 10 ms. Peak memory is the kernel's high-water mark of the program's own process, read every
 * few milliseconds, so its last growth may be missed. Both are Linux's; elsewhere they are null.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'

export interface Cost {
  readonly wallMs: number
  readonly cpuMs: number | null
  readonly peakBytes: number | null
}

export interface Measured extends Cost {
  readonly stdout: string
}

interface HowToRun {
  readonly env?: Readonly<Record<string, string>>
  /** A file that becomes the program's standard input. */
  readonly stdinPath?: string
  /** Ended so, no error is raised. */
  readonly allowsExitCodes?: readonly number[]
}

const TICK_MS = 10
const LOOK_EVERY_MS = 15

/** @throws Error with what the program said, where it does not end well; one at a time, or the times are mixed */
export async function measureProcess(
  program: string,
  args: readonly string[],
  { env = {}, stdinPath, allowsExitCodes = [0] }: HowToRun = {},
): Promise<Measured> {
  const stdin = stdinPath === undefined ? null : openSync(stdinPath, 'r')
  const cpuBefore = childrenCpuMs()
  const start = performance.now()
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: [stdin ?? 'ignore', 'pipe', 'pipe'],
  })
  if (stdin !== null) closeSync(stdin)
  let peakBytes: number | null = null
  const look = (): void => {
    if (child.pid !== undefined) peakBytes = peakBytesOf(child.pid) ?? peakBytes
  }
  const looking = setInterval(look, LOOK_EVERY_MS)
  const said = { stdout: '', stderr: '' }
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said.stderr = (said.stderr + text).slice(-4_000)
  })
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null]
    if (exitCode === null || !allowsExitCodes.includes(exitCode))
      throw new Error(`${program} ${args.join(' ')} ended with ${exitCode}: ${said.stderr}`)
  } finally {
    clearInterval(looking)
  }
  const wallMs = performance.now() - start
  const cpuAfter = childrenCpuMs()
  const cpuMs = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore
  return { wallMs, cpuMs, peakBytes, stdout: said.stdout }
}

/** Behind the command's name, which may hold spaces: the 14th and 15th of the kernel's fields are of children. */
function childrenCpuMs(): number | null {
  const fields = statFields('self')
  return fields === null ? null : TICK_MS * (Number(fields[13]) + Number(fields[14]))
}

/** What a process that goes on has used so far, with the children that it took leave of; for servers. */
export function cpuMsOf(pid: number): number | null {
  const fields = statFields(`${pid}`)
  return fields === null
    ? null
    : TICK_MS * fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0)
}

function statFields(who: string): string[] | null {
  const text = readIfThere(`/proc/${who}/stat`)
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

export function peakBytesOf(pid: number): number | null {
  const kilobytes = /VmHWM:\s+(\d+)/u.exec(readIfThere(`/proc/${pid}/status`) ?? '')?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}

/** A process that has gone, or another system, has no such file. */
function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** As columns of a table. */
export const costCells = ({ wallMs, cpuMs, peakBytes }: Cost): Record<string, number | null> => ({
  'wall s': wallMs / 1_000,
  'CPU s': cpuMs === null ? null : cpuMs / 1_000,
  'peak MB': peakBytes === null ? null : peakBytes / 1e6,
})
