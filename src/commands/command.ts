/** What a command is: flags to parse, one function to call, something to print. */
import type { Command } from 'commander'
import type { Config } from '../../schemas/config.ts'
import type { CommandEvent } from '../../schemas/event.ts'
import type { PartialSettings } from '../config/load.ts'

export interface CommandContext {
  readonly workspaceDir: string
  /** Whether the person named it, or it is the default. */
  readonly isWorkspaceNamed: boolean
  /** The command line as it was typed. */
  readonly argv: readonly string[]
  /** Settings with this command's flags on top. */
  loadConfig(flags: PartialSettings): Config
  readonly env: Readonly<Record<string, string>>
  readonly wantsJson: boolean
  readonly nowMs: () => number
  /** Aborted at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
  readonly isQuiet: boolean
  /** Whether stderr is a terminal, where a line may be written over. */
  readonly isTerminal: boolean
  /** Of the terminal behind stderr, as it is now; 80 × 24 where there is none. */
  terminalSize(): { readonly columns: number; readonly rows: number }
  /** On stderr, as it is. */
  write(text: string): void
  /** Data, on stdout. */
  print(text: string): void
  /** For people, on stderr; silent with --quiet, an event with --json. */
  say(text: string): void
  /** What happens on the way, for programs: with --json an object a line on stderr, else nothing. */
  emit(event: CommandEvent): void
}

export interface CommandSpec {
  readonly name: string
  readonly summary: string
  /** Nothing it does can be half done, so an interruption ends it without a word. */
  readonly endsAtOnce?: true
  /** What a person is told at the first Ctrl-C, where it is not that what is in flight is finished. */
  readonly whenInterrupted?: string
  /** What its first argument may be, where that says what is done. */
  readonly verbs?: readonly string[]
  /** Whole command lines that work, without the leading `rff-shard`. */
  readonly examples: readonly string[]
  /** Arguments and options; an option has no default of its own, or it would overrule the settings. */
  configure(command: Command): void
  /** @returns the exit code */
  run(args: readonly string[], options: CommandOptions, context: CommandContext): Promise<number>
}

/** As commander gives them: absent, a flag, a text or texts. */
export type CommandOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>
