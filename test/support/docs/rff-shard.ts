/** The command line as processes of their own. */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'

const pathOf = (file: string): string => fileURLToPath(new URL(`../../../${file}`, import.meta.url))

const run = (args: readonly string[], cwd: string): string =>
  execFileSync(process.execPath, [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** The built one. @returns what it printed on stdout */
export const rffShard = (args: readonly string[], cwd: string): string =>
  run([pathOf('dist/bundle/cli.js'), ...args], cwd)

let help: string | undefined

/** What `rff-shard --help` prints, straight from the sources. */
export function globalHelp(): string {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  help ??= run(['--import', tsx, pathOf('src/cli.ts'), '--help'], tmpdir())
  return help
}
