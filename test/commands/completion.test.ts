/** The scripts, in the shells that they are for. */
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { loadCommands } from '../../src/commands/commands.ts'
import { completionCommand } from '../../src/commands/completion.ts'
import { fakeContext } from '../support/fake-context.ts'

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

test('fish is told every verb and flag once, each with words that its quotes hold', async () => {
  const script = await scriptFor('fish')
  for (const { name, verbs = [] } of commands)
    if (verbs.length > 0) expect(script).toContain(`__fish_seen_subcommand_from ${name}; and not`)
  for (const line of script.split('\n').slice(1)) {
    expect(line).toMatch(/^complete -c rff-shard( -\S+| [\w-]+| '(?:[^'\\]|\\.)*')+$/)
  }
})

test.each(['zsh', 'fish'])('%s takes its script, where it is installed', async (shell) => {
  const script = await scriptFor(shell)
  for (const { name } of commands) expect(script).toContain(name)
  let isThere = true
  try {
    execFileSync(shell, ['--version'])
  } catch {
    isThere = false // most machines of tests have neither
  }
  if (isThere) execFileSync(shell, ['-n', '-c', script])
})

test('another shell is refused with those that are known', async () => {
  await expect(scriptFor('tcsh')).rejects.toMatchObject({ code: 'usage' })
})
