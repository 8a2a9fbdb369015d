import { Command } from 'commander'
import { RffError } from '../../schemas/failure.ts'
import type { CommandSpec } from './command.ts'
import { type CompletionTree, completionScript, SHELLS } from './completion-script.ts'

/** @param others every command: the script is made from what they declare */
export const completionCommand = (others: () => Promise<readonly CommandSpec[]>): CommandSpec => ({
  name: 'completion',
  summary: 'a script that completes commands and flags in your shell',
  examples: ['completion bash', 'completion zsh', 'completion fish'],
  configure: (command) => command.argument('<shell>', SHELLS.join(', ')),
  async run([shell], _options, context) {
    const known = SHELLS.find((name) => name === shell)
    if (known === undefined)
      throw new RffError('usage', `no completion is known for ${shell}, expected ${SHELLS.join(', ')}`)
    context.print(completionScript(known, treeOf(await others())))
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
      flags: command.options.flatMap(({ long }) => long ?? []),
    }
  })
}
