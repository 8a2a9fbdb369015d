import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import type { CommandOptions, CommandSpec } from '../../src/commands/command.ts'
import { loadCommands } from '../../src/commands/commands.ts'
import { cliReference } from '../support/docs/cli-reference.ts'
import { globalHelp } from '../support/docs/rff-shard.ts'

const commands = await loadCommands()

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')

test('docs/cli.md is what the commands say today', () => {
  expect(page).toBe(cliReference(globalHelp()))
})

test('no two commands share a name, and each is known to the command line', () => {
  const names = commands.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(globalHelp()).toMatch(new RegExp(`^ {2}${name} `, 'm'))
})

/** What commander makes of a line, with the options that every command takes. */
function parse(spec: CommandSpec, line: string): { args: readonly string[]; options: CommandOptions } {
  const program = new Command()
    .option('-w, --workspace <dir>')
    .option('-c, --config <file>')
    .option('--json')
    .option('-q, --quiet')
    .exitOverride()
  const command = program.command(spec.name).exitOverride()
  spec.configure(command)
  let parsed: ReturnType<typeof parse> | undefined
  command.action(() => {
    parsed = { args: command.args, options: command.opts<CommandOptions>() }
  })
  program.configureOutput({ outputError: () => undefined }).parse(line.split(' '), { from: 'user' })
  return parsed!
}

test.each(commands)('every example of $name is a line that its options and arguments take', (spec) => {
  expect(spec.examples.length).toBeGreaterThan(0)
  for (const line of spec.examples) expect(() => parse(spec, line), line).not.toThrow()
})

test.each(commands)('no option of $name has a default, or it would overrule the settings', (spec) => {
  const bare = new Command(spec.name)
  spec.configure(bare)
  expect(bare.options.filter(({ defaultValue }) => defaultValue !== undefined)).toEqual([])
})
