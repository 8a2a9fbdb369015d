/** What a command is given, with what it printed and said kept for the test. */
import type { CommandContext } from '../../src/commands/command.ts'
import { loadConfig } from '../../src/config/load.ts'

export interface Recorded {
  readonly context: CommandContext
  readonly printed: string[]
  readonly said: string[]
}

export function fakeContext(workspaceDir: string, { wantsJson = false } = {}): Recorded {
  const printed: string[] = []
  const said: string[] = []
  return {
    printed,
    said,
    context: {
      workspaceDir,
      isWorkspaceNamed: true,
      argv: [],
      loadConfig: (flags) => loadConfig(undefined, `${workspaceDir}/rff.toml`, flags),
      env: {},
      wantsJson,
      isQuiet: false,
      isTerminal: false,
      nowMs: () => 0,
      signal: new AbortController().signal,
      terminalSize: () => ({ columns: 80, rows: 24 }),
      emit: () => undefined,
      write: (text) => void said.push(text),
      print: (text) => void printed.push(text),
      say: (text) => void said.push(text),
    },
  }
}
