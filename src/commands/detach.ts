/** Starts the same command again as a process that goes on after this terminal is closed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { makeFolder } from '../../shards/durable-folder.ts'
import { tagOf } from '../control/tag.ts'
import { packageRoot } from '../package-root.ts'
import type { CommandContext } from './command.ts'
import { printJson } from './print-json.ts'

/** After so long it is taken to have begun; what it says from then on stands in its log. */
const LONGEST_START_MS = 30_000
const LOOK_EVERY_MS = 50

/** @returns the exit code: 0 once it works, its own where it ended before it began to */
export async function detach(context: CommandContext): Promise<number> {
  const runsDir = join(context.workspaceDir, 'runs')
  makeFolder(runsDir)
  const pathOf = (tag: string): string => join(runsDir, `detached.${tag}.log`)
  const log = pathOf(tagOf(context.nowMs(), (tag) => existsSync(pathOf(tag))))
  const handle = openSync(log, 'ax')
  const cli = fileURLToPath(new URL('dist/bundle/cli.js', packageRoot))
  const args = context.argv.filter((arg) => arg !== '--detach')
  const child = spawn(process.execPath, [cli, ...args], {
    detached: true,
    stdio: ['ignore', handle, handle],
  })
  closeSync(handle)
  const exited = once(child, 'exit').then(([code]) => (code as number | null) ?? 1)
  const pid = child.pid!
  const early = await Promise.race([exited, untilItListens(join(context.workspaceDir, 'ctl', `${pid}.sock`))])
  child.unref()
  if (context.wantsJson) printJson(context, 'run --detach', { pid, log, exit_code: early })
  else if (early === null) context.print(howToFollow(pid, log, context))
  else
    context.print(
      `process ${pid} ended with ${early} at once; ${log} says:\n${readFileSync(log, 'utf8').trimEnd()}`,
    )
  return early ?? 0
}

async function untilItListens(socketPath: string): Promise<null> {
  for (let waitedMs = 0; waitedMs < LONGEST_START_MS && !existsSync(socketPath); waitedMs += LOOK_EVERY_MS)
    await sleep(LOOK_EVERY_MS, undefined, { ref: false })
  return null
}

function howToFollow(pid: number, log: string, { workspaceDir, isWorkspaceNamed }: CommandContext): string {
  const command = `rff-shard${isWorkspaceNamed ? ` -w ${workspaceDir}` : ''}`
  return [
    `process ${pid} runs on by itself`,
    `  what it says   tail -f ${log}`,
    `  how far it is  ${command} status --watch`,
    `  steer it       ${command} ctl pause|resume|set`,
    `  stop it        kill ${pid}    (it finishes what is in flight)`,
  ].join('\n')
}
