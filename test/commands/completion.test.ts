/** The scripts, in the shells that they are for. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadCommands } from '../../src/commands/commands.ts'
import { completionCommand } from '../../src/commands/completion.ts'
import { fakeContext } from '../support/fake-context.ts'
import { newFolder } from '../support/folder.ts'

const commands = await loadCommands()

async function scriptFor(shell: string): Promise<string> {
  const { context, printed } = fakeContext('rff')
  await completionCommand(loadCommands).run([shell], {}, context)
  return printed.join('\n')
}

/** What bash offers behind these words. */
async function offered(...words: string[]): Promise<string[]> {
  const script = await scriptFor('bash')
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash's
  const ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rff_shard; printf "%s\\n" "${COMPREPLY[@]}"'
  return execFileSync('bash', ['-c', `${script}\n${ask}`, 'bash', 'rff-shard', ...words], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((word) => word !== '')
}

test('bash offers every command first', async () => {
  const words = await offered('')
  for (const { name } of commands) expect(words).toContain(name)
})

test('bash offers the flags of the command that was typed, also behind a global flag with a value', async () => {
  expect(await offered('run', '--max')).toEqual(
    expect.arrayContaining(['--max-usd', '--max-tokens', '--max-calls']),
  )
  expect(await offered('-w', 'rff', 'plan', '--sh')).toEqual(['--shards'])
  expect(await offered('merge', '--max')).toEqual([])
})

test('bash offers the verbs of a command that has them, until one stands there', async () => {
  for (const { name, verbs } of commands) {
    if (verbs === undefined) continue
    expect(await offered(name, '')).toEqual([...verbs])
    expect(await offered('--workspace', 'rff', '--json', name, '')).toEqual([...verbs])
    expect(await offered(name, verbs[0]!, '')).not.toContain(verbs[0])
  }
  expect(await offered('quarantine', 're')).toEqual(['retry', 'review'])
})

test('bash takes a value for none of the words: a folder named as a command is no command', async () => {
  expect(await offered('--workspace', 'plan', 'qu')).toEqual(['quarantine'])
  expect(await offered('quarantine', '--code', 'ls', 're')).toEqual(['retry', 'review'])
})

test('bash offers the flags of a command behind its verb too', async () => {
  expect(await offered('quarantine', 'retry', '--sig')).toEqual(['--signature'])
  expect(await offered('loop', 'start', '--')).toContain('--workspace')
})

test('bash offers files where a value or an argument is free', async () => {
  expect(await offered('--config', 'packa')).toEqual(expect.arrayContaining(['package.json']))
  expect(await offered('plan', 'packa')).toEqual(expect.arrayContaining(['package.json']))
})

function isInstalled(shell: string): boolean {
  try {
    execFileSync(shell, ['--version'])
    return true
  } catch {
    return false
  }
}

/** Behind each line, the only word that can follow. */
const ONLY_ONE: readonly (readonly [string, string])[] = [
  ['pl', 'plan'],
  ['-w quarantine pl', 'plan'],
  ['--json --workspace plan qua', 'quarantine'],
  ['quarantine ret', 'retry'],
  ['quarantine --code ls ret', 'retry'],
  ['quarantine retry --sig', '--signature'],
  ['-w rff plan --shar', '--shards'],
  ['plan packag', 'package'],
]

describe.skipIf(!isInstalled('fish'))('fish, where it is installed,', () => {
  const offers = async (words: string): Promise<string[]> => {
    const ask = `${await scriptFor('fish')}\ncomplete -C ${JSON.stringify(`rff-shard ${words}`)}`
    const told = execFileSync('fish', ['--no-config', '-c', ask], { encoding: 'utf8' })
    return told.split('\n').flatMap((line) => (line === '' ? [] : line.split('\t')[0]!))
  }

  test('offers what can follow, also where the value of a flag is named as a command', async () => {
    for (const [words, word] of ONLY_ONE.slice(0, -1)) expect(await offers(words), words).toEqual([word])
    expect(await offers('plan packa')).toEqual(expect.arrayContaining(['package.json']))
  })

  test('offers every command first, and the verbs of a command until one stands there', async () => {
    expect(await offers('')).toEqual(expect.arrayContaining(commands.map(({ name }) => name)))
    expect(await offers('spend ')).toEqual(['prices', 'reconcile', 'show'])
    expect(await offers('spend show ')).not.toContain('prices')
    expect(await offers('merge --max')).toEqual([])
  })
})

describe.skipIf(!isInstalled('zsh'))('zsh, where it is installed,', () => {
  /** What the lines become where the tabulator is pressed behind them. */
  const completed = (load: string, words: readonly string[]): string[] => {
    const driver = new URL('../support/complete-in-zsh.zsh', import.meta.url).pathname
    const lines = words.map((line) => `rff-shard ${line}`)
    const told = execFileSync('zsh', ['-f', driver, load, ...lines], { encoding: 'utf8', timeout: 60_000 })
    return told.trimEnd().split('\n')
  }
  const become = ONLY_ONE.map(([words, word]) => `rff-shard ${words.replace(/\S*$/, word)}`)

  test('completes what can follow, also where the value of a flag is named as a command', async () => {
    const path = join(newFolder(), 'script.zsh')
    writeFileSync(path, await scriptFor('zsh'))
    const lines = ONLY_ONE.map(([words]) => words)
    expect(completed(`source ${path}`, lines).map((line) => line.trimEnd())).toEqual(become)
  }, 90_000)

  test('finds the script in a folder of its own, from the first word on', async () => {
    const dir = newFolder()
    writeFileSync(join(dir, '_rff-shard'), await scriptFor('zsh'))
    const load = `fpath=(${dir} $fpath); compinit -u -D`
    expect(completed(load, ['quarantine ret']).map((line) => line.trimEnd())).toEqual([
      'rff-shard quarantine retry',
    ])
  }, 90_000)
})

test('another shell is refused with those that are known', async () => {
  await expect(scriptFor('tcsh')).rejects.toMatchObject({ code: 'usage' })
})
