/** Completion for a shell, from the commands and their flags. Pure. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export interface CompletionTree {
  readonly name: string
  readonly summary: string
  /** With their dashes. */
  readonly flags: readonly string[]
}

/** Those that every command takes. */
const EVERYWHERE = ['--workspace', '--config', '--json', '--quiet', '--log-level', '--help']

export const completionScript = (shell: Shell, tree: readonly CompletionTree[]): string =>
  ({ bash: bashScript, zsh: zshScript, fish: fishScript })[shell](tree)

const flagsOf = ({ flags }: CompletionTree): string => [...flags, ...EVERYWHERE].join(' ')

/** The command is the first word that is one; values of flags before it are passed over by that. */
const bashScript = (
  tree: readonly CompletionTree[],
): string => `# rff-shard completion bash > ~/.local/share/bash-completion/completions/rff-shard
_rff_shard() {
  local current=\${COMP_WORDS[COMP_CWORD]} word command=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${tree.map(({ name }) => name).join('|')}) command=$word; break;; esac
  done
  local words=
  case $command in
${tree.map((one) => `    ${one.name}) words="${flagsOf(one)}";;`).join('\n')}
    *) words="${tree.map(({ name }) => name).join(' ')} ${EVERYWHERE.join(' ')}";;
  esac
  if [[ -n $command && $current != -* ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o filenames -F _rff_shard rff-shard`

const zshScript = (tree: readonly CompletionTree[]): string => `#compdef rff-shard
autoload -U +X bashcompinit && bashcompinit
${bashScript(tree)}`

const quoted = (text: string): string => `'${text.replace(/['\\\\]/g, '\\\\$&')}'`

const fishScript = (tree: readonly CompletionTree[]): string =>
  [
    '# rff-shard completion fish > ~/.config/fish/completions/rff-shard.fish',
    ...EVERYWHERE.map((flag) => `complete -c rff-shard -l ${flag.slice(2)}`),
    ...tree.flatMap(({ name, summary, flags }) => [
      `complete -c rff-shard -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
      ...flags.map(
        (flag) => `complete -c rff-shard -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`,
      ),
    ]),
  ].join('\n')
