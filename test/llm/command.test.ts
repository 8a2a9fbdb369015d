import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Reply } from '../../schemas/prompt.ts'
import { type CommandSettings, commandProvider } from '../../src/llm/command.ts'
import { providerFor } from '../../src/llm/provider-for.ts'
import { newFolder } from '../support/folder.ts'
import { requestOf } from './support/world.ts'

const node = (program: string): readonly string[] => [process.execPath, '-e', program]

const ask = (settings: Omit<CommandSettings, 'env'>, deadlineMs = 5_000): Promise<Reply> =>
  commandProvider('cli', { ...settings, env: process.env }).ask(requestOf(), AbortSignal.timeout(deadlineMs))

const ECHO = `
  let prompt = ''
  process.stdin.on('data', (chunk) => { prompt += chunk })
  process.stdin.on('end', () => console.log(JSON.stringify({ prompt, model: process.argv[1] })))`

test('the program reads the whole prompt and its output is the answer', async () => {
  const reply = await ask({ command: [...node(ECHO), '{model}'] })
  if (!reply.ok) expect.fail(reply.failure.message)
  const { prompt, model } = JSON.parse(reply.answer.text) as { prompt: string; model: string }
  expect(model).toBe('sim-1')
  for (const { content } of requestOf().messages) expect(prompt).toContain(content)
  expect(prompt.endsWith(requestOf().messages.at(-1)!.content)).toBe(true)
  expect(reply.answer.usage).toMatchObject({ isBound: true, answerTokens: 1_000 })
})

test('an exhausted window and a missing sign-in are told from an answer', async () => {
  const patterns = { windowExhaustedPattern: 'limit reached', notLoggedInPattern: 'please log in' }
  const says = (text: string): readonly string[] => node(`console.log(${JSON.stringify(text)})`)
  expect(await ask({ command: says('Usage LIMIT reached, resets 23:00'), ...patterns })).toMatchObject({
    failure: { code: 'window_exhausted', isSystemic: true },
  })
  expect(await ask({ command: says('Please log in first'), ...patterns })).toMatchObject({
    failure: { code: 'provider_unauthorised', isSystemic: true },
  })
  const answer = '{"gloss":"A speed limit reached by law"}'
  expect(await ask({ command: says(answer), ...patterns })).toMatchObject({
    ok: true,
    answer: { text: answer },
  })
})

test('a program that fails is a failure that may be tried again', async () => {
  const reply = await ask({ command: node('console.error("no route"); process.exit(3)') })
  expect(reply).toMatchObject({ failure: { code: 'provider_error', isSystemic: false } })
  expect(reply).toMatchObject({ failure: { message: 'exit code 3: no route' } })
})

test('a program that is not there is systemic', async () => {
  const reply = await ask({ command: ['/nowhere/at/all'] })
  expect(reply).toMatchObject({ failure: { isSystemic: true, mayBeBilled: false } })
})

test('a program that never ends is stopped at the deadline', async () => {
  const reply = await ask({ command: node('setInterval(() => undefined, 1000)') }, 300)
  expect(reply).toMatchObject({ failure: { code: 'provider_timeout', mayBeBilled: true } })
})

test('a program that does not read its input may answer all the same', async () => {
  const reply = await ask({ command: node('process.stdin.destroy(); console.log("{}")') })
  expect(reply).toMatchObject({ ok: true, answer: { text: '{}' } })
})

test("the program sees its own key and no other provider's, nor the file that holds them", async () => {
  const keysFile = join(newFolder(), 'keys')
  writeFileSync(keysFile, 'MINE_KEY=mine-3\nANOTHER_NAME=in-the-file\n', { mode: 0o600 })
  const env = {
    ...{ HOME: '/home/me', MINE_KEY: 'mine-3', ANOTHER_NAME: 'in-the-file' },
    ...{ OPENAI_API_KEY: 'openai-1', PROXY_KEY: 'proxy-2', RFF_KEYS_FILE: keysFile },
  }
  const providers = {
    mine: { command: [...node('console.log(JSON.stringify(process.env))')], keyVariable: 'MINE_KEY' },
    proxy: { baseUrl: 'http://127.0.0.1:9/v1', keyVariable: 'PROXY_KEY' },
  }
  const { provider } = providerFor('mine/large', { providers, env })
  if (provider.kind === 'local') expect.fail('a program is asked')
  const reply = await provider.ask(requestOf(), AbortSignal.timeout(5_000))
  if (!reply.ok) expect.fail(reply.failure.message)
  expect(JSON.parse(reply.answer.text)).toEqual({ HOME: '/home/me', MINE_KEY: 'mine-3' })
})
