import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder } from '../folder.ts'
import { preload } from './preload.ts'

/** @returns the environment of a process that dies before its `call`-th change of a file whose path contains `part` */
export const dieAt = (part: string, call: number): Record<string, string> => ({
  LD_PRELOAD: preload('die-at'),
  DIE_IN: part,
  DIE_AT: String(call),
})

/** @returns how many such calls there are in a process that is left alone */
export async function countCalls(
  part: string,
  run: (env: Record<string, string>) => Promise<unknown> | unknown,
): Promise<number> {
  const file = join(newFolder(), 'calls')
  await run({ ...dieAt(part, 0), DIE_COUNT: file })
  return Number(readFileSync(file, 'utf8'))
}

/** From 1 to `count`: `some` of them, evenly spread; `many`, where RFF_TEST_FULL=1 asks for it. */
export function callsToTry(count: number, some: number, many = count): number[] {
  const step = Math.max(1, count / (process.env.RFF_TEST_FULL === '1' ? many : some))
  const calls = new Set<number>()
  for (let call = 1; call <= count; call += step) calls.add(Math.floor(call))
  return [...calls]
}
