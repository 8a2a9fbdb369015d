/** Completion for a shell, from the commands, their verbs and their flags. Pure. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export interface CompletionTree {
  readonly name: string
  readonly summary: string
  /** What the first argument may be; empty where that is free. */
  readonly verbs: readonly string[]
  readonly flags: readonly CompletionFlag[]
}

export interface CompletionFlag {
  /** With its dashes. */
  readonly name: string
  readonly summary: string
  /** Whether the word behind it is its value. */
  readonly takesValue: boolean
}

/** Those that every command takes, also before its name. */
const EVERYWHERE: readonly CompletionFlag[] = [
  { name: '--workspace', summary: 'folder that holds everything', takesValue: true },
  { name: '--config', summary: 'settings file', takesValue: true },
  { name: '--json', summary: 'data for programs', takesValue: false },
  { name: '--quiet', summary: 'no messages for people', takesValue: false },
  { name: '--log-level', summary: 'least weighty line of run.log', takesValue: true },
  { name: '--help', summary: 'what the command does and takes', takesValue: false },
]

export const completionScript = (shell: Shell, tree: readonly CompletionTree[]): string =>
  ({ bash: bashScript, zsh: zshScript, fish: fishScript })[shell](tree)

const namesOf = (flags: readonly CompletionFlag[]): string[] => flags.map(({ name }) => name)
const withValue = (flags: readonly CompletionFlag[]): string[] =>
  namesOf(flags.filter(({ takesValue }) => takesValue))

/** The command is the first word that is one, its verb the next; values of flags are passed over on the way. */
const bashScript = (
  tree: readonly CompletionTree[],
): string => `# rff-shard completion bash > ~/.local/share/bash-completion/completions/rff-shard
_rff_shard() {
  local current=\${COMP_WORDS[COMP_CWORD]} word command= verb= values=" -w -c ${withValue(EVERYWHERE).join(' ')} "
  local flags="${namesOf(EVERYWHERE).join(' ')}" verbs= isValue=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ -n $isValue ]]; then isValue=
    elif [[ $word == -* ]]; then [[ $values == *" $word "* ]] && isValue=yes
    elif [[ -n $command ]]; then verb=\${verb:-$word}
    else
      case $word in
${tree.map(bashCase).join('\n')}
      esac
    fi
  done
  if [[ -n $isValue ]]; then COMPREPLY=($(compgen -f -- "$current"))
  elif [[ $current == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif [[ -z $command ]]; then COMPREPLY=($(compgen -W "${tree.map(({ name }) => name).join(' ')}" -- "$current"))
  elif [[ -n $verbs && -z $verb ]]; then COMPREPLY=($(compgen -W "$verbs" -- "$current"))
  else COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _rff_shard rff-shard`

const bashCase = ({ name, verbs, flags }: CompletionTree): string =>
  `        ${name}) command=$word; verbs="${verbs.join(' ')}"; flags+=" ${namesOf(flags).join(' ')}"; values+="${withValue(flags).join(' ')} ";;`

const zshScript = (tree: readonly CompletionTree[]): string => `#compdef rff-shard
autoload -U +X bashcompinit && bashcompinit
${bashScript(tree)}`

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`

const fishScript = (tree: readonly CompletionTree[]): string =>
  [
    '# rff-shard completion fish > ~/.config/fish/completions/rff-shard.fish',
    ...EVERYWHERE.map((flag) => fishFlag('', flag)),
    ...tree.flatMap(({ name, summary, verbs, flags }) => [
      `complete -c rff-shard -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
      ...(verbs.length === 0 ? [] : [fishVerbs(name, verbs)]),
      ...flags.map((flag) => fishFlag(` -n '__fish_seen_subcommand_from ${name}'`, flag)),
    ]),
  ].join('\n')

/** Offered until one of them stands there. */
const fishVerbs = (name: string, verbs: readonly string[]): string => {
  const list = verbs.join(' ')
  const isNext = `__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${list}`
  return `complete -c rff-shard -n '${isNext}' -f -a '${list}'`
}

const fishFlag = (condition: string, { name, summary, takesValue }: CompletionFlag): string =>
  `complete -c rff-shard${condition} -l ${name.slice(2)}${takesValue ? ' -r' : ''} -d ${quoted(summary)}`
