/** The command line from its sources, as a process of its own. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../../dist/src/cli.js', import.meta.url))

/** @returns what it printed on stdout */
export const rffShard = (args: readonly string[], cwd: string): string =>
  execFileSync(process.execPath, [CLI, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
