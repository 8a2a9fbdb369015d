import { Command } from 'commander'
import type { CommandSpec } from './command.ts'
import { type CompletionTree, completionScript, SHELLS } from './completion-script.ts'
import { printJson } from './print-json.ts'
import { verbOf } from './verb.ts'

/** @param others every command: the script is made from what they declare */
export const completionCommand = (others: () => Promise<readonly CommandSpec[]>): CommandSpec => ({
  name: 'completion',
  verbs: SHELLS,
  summary: 'a script that completes commands, verbs and flags in your shell',
  examples: ['completion bash', 'completion zsh', 'completion fish'],
  configure: (command) => command.argument('<shell>', SHELLS.join(', ')),
  async run([shell], _options, context) {
    const known = verbOf('completion', SHELLS, shell)
    const script = completionScript(known, treeOf(await others()))
    if (context.wantsJson) printJson(context, 'completion', { shell: known, script })
    else context.print(script)
    return 0
  },
})

function treeOf(specs: readonly CommandSpec[]): CompletionTree[] {
  return specs.map((spec) => {
    const command = new Command(spec.name)
    spec.configure(command)
    return {
      name: spec.name,
      summary: spec.summary,
      verbs: spec.verbs ?? [],
      flags: command.options.flatMap(({ long, description, required, optional }) =>
        long ? [{ name: long, summary: description, takesValue: required || optional }] : [],
      ),
    }
  })
}
