/** Runs the lines of one page, one after the other, in one folder, by a shell. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning } from '../../../src/control/this-process.ts'
import { withRealNames } from './guide-folder.ts'
import type { LineRule, PageScript } from './page-scripts.ts'

interface Said {
  readonly exit: number | null
  readonly text: string
}

/** @returns what went otherwise than the page and the script say, line by line */
export async function runPage(
  dir: string,
  lines: readonly string[],
  script: PageScript,
  env: Readonly<Record<string, string>>,
): Promise<string[]> {
  const all = {
    ...process.env,
    ...env,
    ...script.env,
    PATH: `${join(dir, 'bin')}${delimiter}${process.env.PATH}`,
  }
  const faults: string[] = []
  for (const line of lines) {
    const rule = script.lines?.[line] ?? {}
    if (rule.notRun !== undefined) continue
    const run = (command: string, until?: RegExp) => runShell(command, dir, { ...all, ...rule.env }, until)
    const fault = await faultOf(line, rule, run, dir).catch(String)
    if (fault !== null) faults.push(`${line}\n${fault}`)
  }
  return faults
}

async function faultOf(
  line: string,
  { after, with: more, exit = 0, says = /(?:)/, stays, leaves }: LineRule,
  run: (command: string, until?: RegExp) => Promise<Said>,
  dir: string,
): Promise<string | null> {
  if (after !== undefined) {
    const before = await run(withRealNames(after, dir))
    if (before.exit !== 0) return `${after} ended with ${before.exit}: ${before.text}`
  }
  const command = [withRealNames(line, dir), ...(more === undefined ? [] : [more])].join(' ')
  const said = await run(command, stays === true ? says : undefined)
  if (said.exit !== exit || !says.test(said.text))
    return `ended with ${said.exit}, not ${exit}, or did not say ${says}: ${said.text}`
  const pid = leaves?.exec(said.text)?.[1]
  if (leaves !== undefined && pid === undefined) return `did not say ${leaves}: ${said.text}`
  while (pid !== undefined && isRunning(Number(pid))) await sleep(20)
  return null
}

/** @param until ended by Ctrl-C as soon as it has said this; what a command makes of that is its end */
async function runShell(
  command: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  until: RegExp | undefined,
): Promise<Said> {
  const shell = spawn('bash', ['-c', command], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  let isInterrupted = false
  const hear = (chunk: string): void => {
    text += chunk
    if (until === undefined || isInterrupted || !until.test(text)) return
    isInterrupted = true
    process.kill(-shell.pid!, 'SIGINT')
  }
  shell.stdout.setEncoding('utf8').on('data', hear)
  shell.stderr.setEncoding('utf8').on('data', hear)
  const [code] = (await once(shell, 'close')) as [number | null]
  // Ctrl-C ends some with 130, as it ends the shell, and a page with 0: both are ends that were asked for.
  return { exit: isInterrupted && (code === 130 || code === null) ? 0 : code, text }
}
