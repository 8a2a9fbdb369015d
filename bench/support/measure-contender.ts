/** Runs a module of bench/contenders in a process of its own. */
import type { ContenderReport } from './contender-process.ts'
import { measureProcess } from './measure-process.ts'

const ENTRY = new URL('./contender-process.ts', import.meta.url).pathname

/**
 * @param name file of bench/contenders, without its ending
 * @throws Error with what the process said, if it did not end well
 */
export async function measureContender<Output>(
  name: string,
  input: unknown,
): Promise<ContenderReport<Output>> {
  const modulePath = new URL(`../contenders/${name}.ts`, import.meta.url).href
  const args = ['--import', 'tsx', ENTRY, modulePath, JSON.stringify(input)]
  const { stdout } = await measureProcess(process.execPath, args)
  return JSON.parse(stdout) as ContenderReport<Output>
}
