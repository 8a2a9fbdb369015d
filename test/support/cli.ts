/** Runs the built command line as a person does: as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

const CLI = new URL('../../dist/bundle/cli.js', import.meta.url).pathname

export interface Finished {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCli {
  readonly process: ChildProcess
  readonly finished: Promise<Finished>
}

export function startCli(
  workspace: string,
  args: readonly string[],
  env: Record<string, string> = {},
): RunningCli {
  const child = spawn(process.execPath, [CLI, '--workspace', workspace, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    out.stderr += text
  })
  const finished = once(child, 'close').then(
    ([exitCode, signal]) => ({ exitCode, signal, ...out }) as Finished,
  )
  return { process: child, finished }
}

export const cli = (
  workspace: string,
  args: readonly string[],
  env?: Record<string, string>,
): Promise<Finished> => startCli(workspace, args, env).finished

/** @throws Error with what the command said, if it did not end well */
export async function cliJson<T>(
  workspace: string,
  args: readonly string[],
  env?: Record<string, string>,
): Promise<T> {
  const { exitCode, stdout, stderr } = await cli(workspace, ['--json', ...args], env)
  if (exitCode !== 0)
    throw new Error(`rff-shard ${args.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`)
  return JSON.parse(stdout) as T
}
