import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { structureSchema } from '../../../schemas/structure.ts'
import type { SimOptions, SimStats } from './script.ts'
import { type SimServer, startSimServer } from './server.ts'

async function setup(options: SimOptions = {}): Promise<SimServer> {
  const server = await startSimServer(options)
  onTestFinished(() => server.close())
  return server
}

const FACTS = `Structure these.\nFACTS\n{"i":0,"domain":"d","text":"A cat is an animal."}\n{"i":1,"domain":"d","text":"Cats purr."}`

async function chat(
  server: SimServer,
  content: string = FACTS,
  extra: Record<string, unknown> = {},
): Promise<Response> {
  return fetch(`${server.url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-secret' },
    body: JSON.stringify({ model: 'sim-1', messages: [{ role: 'user', content }], ...extra }),
  })
}

interface Body {
  choices: { message: { content: string }; finish_reason: string }[]
  usage: { prompt_tokens: number; completion_tokens: number }
}

test('the default answer is a valid structure of the facts in the prompt', async () => {
  const server = await setup()
  const body = (await (await chat(server)).json()) as Body
  const structure = structureSchema.parse(JSON.parse(body.choices[0]!.message.content))
  expect(structure.members.map(({ i }) => i)).toEqual([0, 1])
  expect(structure.relations).toEqual([{ src_i: 1, dst_i: 0, rel_type: 'supports', support_i_list: [0, 1] }])
  expect('a cat is an animal.').toContain(structure.concept.name.toLowerCase())
})

test('what is billed is what the answers say was used', async () => {
  const server = await setup()
  const { usage } = (await (await chat(server)).json()) as Body
  expect(server.stats()).toMatchObject({
    requests: 1,
    billed: 1,
    billedPromptTokens: usage.prompt_tokens,
    billedAnswerTokens: usage.completion_tokens,
    repeated: 0,
  })
})

test('the same body billed again is counted', async () => {
  const server = await setup()
  await chat(server)
  await chat(server)
  await chat(server, 'another')
  expect(server.stats()).toMatchObject({ requests: 3, repeated: 1, billedAgain: 1 })
})

test('an answer longer than the limit is cut and says so', async () => {
  const server = await setup()
  const body = (await (await chat(server, FACTS, { max_tokens: 5 })).json()) as Body
  expect(body.choices[0]!.finish_reason).toBe('length')
  expect(body.usage.completion_tokens).toBe(5)
})

test('the token limit refuses what is over it and says when to come back', async () => {
  const server = await setup({ limits: { tokensPerMinute: 1_000 } })
  const first = await chat(server, FACTS, { max_tokens: 900 })
  const second = await chat(server, FACTS, { max_tokens: 900 })
  const third = await chat(server, FACTS, { max_tokens: 2_000 })
  expect([first.status, second.status, third.status]).toEqual([200, 429, 429])
  expect(first.headers.get('x-ratelimit-limit-tokens')).toBe('1000')
  expect(Number(first.headers.get('x-ratelimit-remaining-tokens'))).toBeLessThan(100)
  expect(first.headers.get('x-ratelimit-reset-tokens')).toMatch(/^\d+(\.\d+)?s$/)
  expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(40)
  expect(await third.text()).toContain('Request too large')
})

test('a rule holds for the requests, prompts and times that it names', async () => {
  const server = await setup({
    script: [
      { fault: 'unavailable', promptHas: 'poison', timesPerBody: 1 },
      { fault: 'server_error', requests: [3] },
    ],
  })
  const statuses = []
  for (const prompt of ['poison', 'poison', 'third', 'fourth'])
    statuses.push((await chat(server, prompt)).status)
  expect(statuses).toEqual([503, 200, 500, 200])
})

test('the same seed deals the same faults', async () => {
  const deal = async (seed: number): Promise<number[]> => {
    const server = await setup({ seed, faults: { server_error: 0.3, unavailable: 0.3 } })
    const statuses = []
    for (let n = 0; n < 20; n++) statuses.push((await chat(server, `prompt ${n}`)).status)
    return statuses
  }
  const first = await deal(7)
  expect(await deal(7)).toEqual(first)
  expect(await deal(8)).not.toEqual(first)
  expect(new Set(first)).toEqual(new Set([200, 500, 503]))
})

test('a recorded request holds everything but the key', async () => {
  const server = await setup({ records: true })
  await chat(server)
  const [request] = server.requests()
  expect(request).toMatchObject({ method: 'POST', path: '/v1/chat/completions', body: { model: 'sim-1' } })
  expect(JSON.stringify(server.requests())).not.toContain('sk-secret')
})

test('as a program it prints its address, tells its counts, and ends with its parent', async () => {
  const program = spawn(process.execPath, [
    ...['--import', 'tsx', new URL('main.ts', import.meta.url).pathname],
    ...['--port', '0', '--seed', '3', '--options', '{"faults":{"refusal":1}}'],
  ])
  onTestFinished(() => void program.kill('SIGKILL'))
  const [line] = (await once(program.stdout, 'data')) as [Buffer]
  const url = line.toString().trim()
  await fetch(`${url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }] }),
  })
  const stats = (await (await fetch(new URL('/sim/stats', url))).json()) as SimStats
  expect(stats).toMatchObject({ requests: 1, byFault: { refusal: 1 } })
  program.stdin.end()
  expect(await once(program, 'exit')).toEqual([0, null])
})
