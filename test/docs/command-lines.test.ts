/** Every command line of the README and the guides is one that the program takes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { loadCommands } from '../../src/commands/commands.ts'

const ROOT = new URL('../../', import.meta.url).pathname
const commands = await loadCommands()
const pages = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
]

/** Lines of shell blocks that call the program, without what follows a pipe or a comment. */
function linesOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
    block!.split('\n').flatMap((line) => /^(?:npx )?rff-shard +(.*?)(?: +[|>#&].*)?$/.exec(line)?.[1] ?? []),
  )
}

const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)

function parse(line: string): void {
  const program = new Command()
    .option('-w, --workspace <dir>')
    .option('-c, --config <file>')
    .option('--json')
    .option('--log-level <level>')
    .option('-q, --quiet')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
  for (const spec of commands) {
    const command = program.command(spec.name).exitOverride()
    command.configureOutput({ outputError: () => undefined })
    spec.configure(command)
    command.action(() => undefined)
  }
  program.parse(wordsOf(line), { from: 'user' })
}

const lines = pages.flatMap((page) => linesOf(page).map((line) => [page, line] as const))

test('the guides have command lines, and one that is wrong is noticed', () => {
  expect(lines.length).toBeGreaterThan(30)
  expect(() => parse('run --no-such-flag')).toThrow('unknown option')
  expect(() => parse('dance')).toThrow('unknown command')
})

test.each(lines)('%s: rff-shard %s', (_, line) => expect(() => parse(line)).not.toThrow())
