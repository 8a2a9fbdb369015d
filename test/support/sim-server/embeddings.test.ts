import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import type { SimOptions } from './script.ts'
import { startSimServer } from './server.ts'

async function setup(options: SimOptions = {}) {
  const server = await startSimServer(options)
  onTestFinished(() => server.close())
  const client = new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0, logLevel: 'off' })
  const embed = async (
    input: string | string[],
    more: { dimensions?: number; encoding_format?: 'float' } = {},
  ) => (await client.embeddings.create({ model: 'm', input, ...more })).data.map(({ embedding }) => embedding)
  return { server, client, embed }
}

const product = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0)

test('texts that share words, or words of one meaning, are nearer than others', async () => {
  const { embed } = await setup({ embeddings: { synonyms: [['heat', 'warmth']] } })
  const [heat, flow, warmth, ring] = await embed(['heat', 'the flow of heat', 'warmth', 'ring'])
  expect(product(heat!, warmth!)).toBeCloseTo(1, 5)
  expect(product(heat!, flow!)).toBeGreaterThan(product(heat!, ring!) + 0.1)
})

test('numbers and base64 are the same vectors, of the length that was asked for', async () => {
  const { embed } = await setup()
  const [[plain], [coded]] = [
    await embed('a', { dimensions: 24, encoding_format: 'float' }),
    await embed('a', { dimensions: 24 }),
  ]
  expect(coded).toHaveLength(24)
  expect(Array.from(coded!)).toEqual(Array.from(plain!))
})

test('a text is on the bill each time, and what was there before is counted', async () => {
  const { server, embed } = await setup()
  await embed(['one', 'two'])
  await embed(['two', 'three'])
  expect(server.stats()).toMatchObject({
    embeddingRequests: 2,
    billed: 2,
    billedTexts: 4,
    textsBilledAgain: 1,
  })
  await embed('two', { dimensions: 8 }) // other vectors
  expect(server.stats().textsBilledAgain).toBe(1)
})

test('an empty text is refused, and nothing is billed', async () => {
  const { server, embed } = await setup()
  await expect(embed(['one', ''])).rejects.toMatchObject({ status: 400 })
  expect(server.stats()).toMatchObject({ billed: 0, billedTexts: 0 })
})
