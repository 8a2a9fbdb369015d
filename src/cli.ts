#!/usr/bin/env node
/** The command line: parses, calls a command, prints what went wrong, sets the exit code. */
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { asFailure } from '../schemas/as-failure.ts'
import type { CommandEvent } from '../schemas/event.ts'
import { FAILURES, RffError } from '../schemas/failure.ts'
import type { ErrorOutput } from '../schemas/output/error.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './commands/command.ts'
import { commandNames, loadCommands } from './commands/commands.ts'
import { usageMessage } from './commands/usage-message.ts'
import type * as Settings from './config/load.ts'
import { printable } from './language/printable.ts'
import { programVersion } from './version.ts'

interface GlobalOptions {
  readonly workspace?: string
  readonly config?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly logLevel?: string
}

const INTERRUPTED = FAILURES.interrupted.exitCode

async function main(argv: readonly string[]): Promise<number> {
  const interruption = listenForSignals()
  let exitCode = 0
  const program = new Command('rff-shard')
    .description('Turns a corpus of facts into a Relational Fact Field.')
    .version(programVersion())
    .option('-w, --workspace <dir>', 'folder that holds everything (./rff)')
    .option('-c, --config <file>', 'settings file (rff.toml in the workspace)')
    .option('--json', 'data for programs, on stdout')
    .option('--log-level <level>', 'least weighty line of run.log: debug, info, warn, error')
    .option('-q, --quiet', 'no messages for people')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
  for (const spec of await loadCommands(namesIn(argv))) {
    add(program, spec, async (args, options) => {
      interruption.isAbout(spec)
      // Loaded only now: reading settings is most of what asking for the version would load.
      const settings = await import('./config/load.ts')
      const context = contextOf(argv, program.opts<GlobalOptions>(), interruption.signal, settings)
      exitCode = await spec.run(args, options, context)
    })
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (cause) {
    const failed = complain(cause, program, argv.includes('--json'))
    // Which signal it was is known here alone.
    return failed === INTERRUPTED ? (interruption.exitCode() ?? failed) : failed
  }
  return interruption.exitCode() ?? exitCode
}

/**
 * Commands that a line may call: those that it names. All, where it names none, for their list; none for the version.
 *
 * A folder may bear the name of a command; then one more is loaded than is called.
 */
function namesIn(argv: readonly string[]): readonly string[] {
  const named = commandNames.filter((name) => argv.includes(name))
  return named.length > 0 || argv.includes('--version') || argv.includes('-V') ? named : commandNames
}

function add(
  program: Command,
  spec: CommandSpec,
  action: (args: readonly string[], options: CommandOptions) => Promise<void>,
): void {
  const command = program.command(spec.name).description(spec.summary)
  spec.configure(command)
  command.addHelpText(
    'after',
    `\nExamples:\n${spec.examples.map((line) => `  $ rff-shard ${line}`).join('\n')}`,
  )
  command
    .exitOverride((cause) => {
      if (cause.exitCode === 0) throw cause
      throw new RffError('usage', usageMessage(cause, commandNames, { spec, command }), { cause })
    })
    .configureOutput({ outputError: () => undefined })
  command.action(async () => action(command.args, command.opts<CommandOptions>()))
}

const emit = (event: CommandEvent): void => void process.stderr.write(`${JSON.stringify(event)}\n`)

function contextOf(
  argv: readonly string[],
  options: GlobalOptions,
  signal: AbortSignal,
  { environment, loadConfig }: typeof Settings,
): CommandContext {
  const workspaceDir = options.workspace ?? 'rff'
  return {
    workspaceDir,
    isWorkspaceNamed: options.workspace !== undefined,
    argv,
    loadConfig: (flags) =>
      loadConfig(options.config, join(workspaceDir, 'rff.toml'), {
        ...flags,
        log: { level: options.logLevel },
      }),
    env: environment(),
    wantsJson: options.json === true,
    nowMs: Date.now,
    signal,
    isQuiet: options.quiet === true,
    isTerminal: process.stderr.isTTY === true,
    terminalSize: () => ({ columns: process.stderr.columns ?? 80, rows: process.stderr.rows ?? 24 }),
    write: (text) => void process.stderr.write(text),
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (text) => {
      if (options.json === true) emit({ event: 'note', text })
      else if (options.quiet !== true) process.stderr.write(`${text}\n`)
    },
    emit: (event) => {
      if (options.json === true) emit(event)
    },
  }
}

/** The first signal drains, the second one ends the process at once; neither loses anything. */
interface Interruption {
  readonly signal: AbortSignal
  exitCode(): number | undefined
  /** The command that runs. */
  isAbout(spec: CommandSpec): void
}

function listenForSignals(): Interruption {
  const controller = new AbortController()
  let exitCode: number | undefined
  let running: CommandSpec | undefined
  const listen = (name: NodeJS.Signals, code: number) =>
    process.on(name, () => {
      if (controller.signal.aborted || running?.endsAtOnce === true) process.exit(code)
      exitCode = code
      controller.abort()
      const lineEnd = process.stderr.isTTY === true ? '\n' : ''
      const told = running?.whenInterrupted ?? 'finishing what is in flight'
      process.stderr.write(`${lineEnd}${told}; once more to stop at once\n`)
    })
  listen('SIGINT', 130)
  listen('SIGTERM', 143)
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    isAbout: (spec) => {
      running = spec
    },
  }
}

function complain(cause: unknown, program: Command, wantsJson: boolean): number {
  if (cause instanceof CommanderError) {
    if (cause.exitCode === 0) return 0 // help or version was asked for
    return complain(new RffError('usage', usageMessage(cause, commandNames)), program, wantsJson)
  }
  const failure = cause instanceof RffError ? cause : asRffError(cause)
  const { code, message, hint, exitCode } = failure
  const told: ErrorOutput = { error: { code, message, hint, exitCode } }
  if (wantsJson) process.stdout.write(`${JSON.stringify(told)}\n`)
  // A message may quote what a line of a corpus holds; on a terminal that must stay text.
  process.stderr.write(`rff-shard: ${code}: ${printable(message)}\n  what to do: ${hint}\n`)
  return exitCode
}

function asRffError(cause: unknown): RffError {
  const { code, message } = asFailure(cause)
  return new RffError(code in FAILURES ? code : 'internal', message, { cause })
}

process.exitCode = await main(process.argv.slice(2))
