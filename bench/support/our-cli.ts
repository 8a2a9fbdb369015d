/** Our own program as a contender: the built command line, in a process of its own. */
import { existsSync } from 'node:fs'
import { type Measured, measureProcess } from './measure-process.ts'

const CLI = new URL('../../dist/bundle/cli.js', import.meta.url).pathname

export interface MeasuredCommand<Summary> extends Measured {
  readonly summary: Summary
}

/** @param allowsExitCodes such as 3, where a gate of the field may fail on made-up facts */
export async function measureCli<Summary>(
  workspace: string,
  args: readonly string[],
  allowsExitCodes: readonly number[] = [0],
): Promise<MeasuredCommand<Summary>> {
  if (!existsSync(CLI)) throw new Error('the program is not built: npm run build')
  const measured = await measureProcess(process.execPath, [CLI, '--json', '-w', workspace, ...args], {
    allowsExitCodes,
  })
  const line = measured.stdout.trim().split('\n').at(-1) ?? ''
  return { ...measured, summary: (line === '' ? null : JSON.parse(line)) as Summary }
}
