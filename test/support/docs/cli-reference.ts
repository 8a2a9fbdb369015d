/** docs/cli.md, made from the commands themselves, so that it says what the program does. */
import { Command } from 'commander'
import { FAILURES, type FailureCode } from '../../../schemas/failure.ts'
import type { CommandSpec } from '../../../src/commands/command.ts'
import { loadCommands } from '../../../src/commands/commands.ts'
import { PROFILES } from '../../../src/llm/profiles.ts'

const commands = await loadCommands()

/** @param globalHelp what `rff-shard --help` prints */
export function cliReference(globalHelp: string): string {
  const parts = [
    '# The command line',
    'Made from the commands by `npm run docs`; a test compares.',
    'Data is printed on stdout, messages for people go to stderr. With `--json` what is printed is one JSON document or, of lists without end, JSON lines; [json.md](json.md) has the keys of each (an `export` is JSON lines either way). A flag overrules the environment (`RFF_RUN__THREADS=2`; a name of the file is met in any case: `RFF_PROVIDERS__MYPROXY__BASE_URL` sets `baseUrl` of `[providers.MyProxy]`), the environment overrules `rff.toml`, and that overrules the defaults, which `rff-shard init` writes down with their reasons.',
    fenced(globalHelp.trimEnd()),
    ...commands.map(commandPart),
    exitCodes(),
    providers(),
  ]
  return `${parts.join('\n\n')}\n`
}

const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``

function commandPart(spec: CommandSpec): string {
  const command = new Command(spec.name)
  spec.configure(command)
  const rows = [
    ...command.registeredArguments.map((argument) => [
      `\`${argument.required ? '<' : '['}${argument.name()}${argument.variadic ? '...' : ''}${argument.required ? '>' : ']'}\``,
      argument.description,
    ]),
    ...command.options.map(({ flags, description }) => [`\`${flags}\``, description]),
  ]
  const table = rows.length === 0 ? [] : [tableOf(['argument or option', 'what it is'], rows)]
  const examples = fenced(spec.examples.map((line) => `rff-shard ${line}`).join('\n'))
  return [`## ${spec.name}`, sentence(spec.summary), ...table, examples].join('\n\n')
}

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** What a script may do next, for each code that a process can end with. */
const EXITS: readonly (readonly [number, string])[] = [
  [0, 'done; what is in quarantine does not count, the gate of a merge decides about that'],
  [1, 'a fault of rff-shard, or an invariant that does not hold'],
  [2, 'usage or input: nothing was changed'],
  [3, 'a gate failed, or too many lines were refused'],
  [4, 'the budget is spent'],
  [5, 'waiting for a window or a quota'],
  [6, 'paused: nothing would work until somebody acts'],
  [7, 'done, except for parts that were set aside, such as a damaged shard'],
  [8, 'somebody else holds the lock'],
  [130, 'interrupted by Ctrl-C; 143 by SIGTERM'],
]

function exitCodes(): string {
  const codesOf = (exitCode: number): string =>
    (Object.keys(FAILURES) as FailureCode[])
      .filter((code) => (FAILURES[code] as { exitCode?: number }).exitCode === exitCode)
      .map((code) => `\`${code}\``)
      .join(' ')
  const rows = EXITS.map(([exitCode, what]) => [String(exitCode), what, codesOf(exitCode)])
  return [
    '## Exit codes',
    'Where several apply: 1, 6, 4, 5, 7, 3. `docs/errors.md` explains each code.',
    tableOf(['exit', 'what it says', 'codes'], rows),
  ].join('\n\n')
}

function providers(): string {
  const rows = Object.entries(PROFILES).map(([name, { baseUrl, keyVariable, structuredOutput }]) => [
    `\`${name}/MODEL\``,
    baseUrl,
    keyVariable === null ? 'none' : `\`${keyVariable}\``,
    structuredOutput,
  ])
  return [
    '## Model references',
    '`--model`, `--repair-model`, `--expensive-model` and the settings of `[models]` name a provider and its model. `rules` is built in, needs no network and no key, and costs nothing. A bare `MODEL` is a local Ollama, `MODEL:cloud` is Ollama in the cloud, `openrouter/` takes `VENDOR/MODEL`. Providers of your own stand in `rff.toml` as `[providers.NAME]`: any OpenAI-compatible server with its `baseUrl`, or a program with its `command`.',
    tableOf(['reference', 'server', 'key in', 'can be held to'], rows),
  ].join('\n\n')
}
