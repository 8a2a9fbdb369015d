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
# rff-shard completion zsh > _rff-shard, in a folder of $fpath
_rff_shard() {
  local word command verb is_value
  local -a values=(-w -c ${withValue(EVERYWHERE).join(' ')}) verbs=()
  local -a commands=(${tree.map(zshItem).join(' ')})
  local -a flags=(${EVERYWHERE.map(zshItem).join(' ')})
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n $is_value ]]; then is_value=
    elif [[ $word == -* ]]; then (( $values[(Ie)$word] )) && is_value=yes
    elif [[ -n $command ]]; then verb=\${verb:-$word}
    else
      case $word in
${tree.map(zshCase).join('\n')}
      esac
    fi
  done
  if [[ -n $is_value ]]; then _files
  elif [[ $PREFIX == -* ]]; then _describe -o flag flags
  elif [[ -z $command ]]; then _describe command commands
  elif (( $#verbs )) && [[ -z $verb ]]; then compadd -a verbs
  else _files
  fi
}
# Read from $fpath it is the function itself; otherwise it is told to the shell.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _rff_shard "$@"; else compdef _rff_shard rff-shard; fi`

const zshItem = ({ name, summary }: Pick<CompletionFlag, 'name' | 'summary'>): string =>
  `'${`${name}:${summary}`.replaceAll("'", "'\\''")}'`

const zshCase = ({ name, verbs, flags }: CompletionTree): string =>
  `        ${name}) command=$word; verbs=(${verbs.join(' ')}); flags+=(${flags.map(zshItem).join(' ')}); values+=(${withValue(flags).join(' ')});;`

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`

/** Its own helper for subcommands takes the value of a flag for one, so the words are read as in the other shells. */
const fishScript = (tree: readonly CompletionTree[]): string =>
  [
    `# rff-shard completion fish > ~/.config/fish/completions/rff-shard.fish
function __rff_shard_words -d 'the command and its verb, as far as they stand there'
    set -l values -w -c ${withValue(EVERYWHERE).join(' ')}
    set -l found
    set -l is_value
    for word in (commandline -opc)[2..-1]
        if test -n "$is_value"
            set is_value
        else if string match -q -- '-*' $word
            contains -- $word $values; and set is_value yes
        else if test -n "$found"
            set -a found $word
        else
            switch $word
${tree.map(fishCase).join('\n')}
            end
        end
    end
    printf '%s\\n' $found
end
function __rff_shard_is -a command
    set -l words (__rff_shard_words)
    test "$words[1]" = "$command"
end
function __rff_shard_lacks_verb -a command
    set -l words (__rff_shard_words)
    test "$words[1]" = "$command"; and test (count $words) -eq 1
end`,
    ...EVERYWHERE.map((flag) => fishFlag('', flag)),
    ...tree.flatMap(({ name, summary, verbs, flags }) => [
      `complete -c rff-shard -n '__rff_shard_is ""' -f -a ${name} -d ${quoted(summary)}`,
      ...(verbs.length === 0
        ? []
        : [`complete -c rff-shard -n '__rff_shard_lacks_verb ${name}' -f -a '${verbs.join(' ')}'`]),
      ...flags.map((flag) => fishFlag(` -n '__rff_shard_is ${name}'`, flag)),
    ]),
  ].join('\n')

const fishCase = ({ name, flags }: CompletionTree): string =>
  `                case ${name}\n                    set found ${name}\n                    set -a values ${withValue(flags).join(' ')}`

const fishFlag = (condition: string, { name, summary, takesValue }: CompletionFlag): string =>
  `complete -c rff-shard${condition} -l ${name.slice(2)}${takesValue ? ' -r' : ''} -d ${quoted(summary)}`
