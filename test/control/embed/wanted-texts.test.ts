import { expect, test } from 'vitest'
import { configSchema } from '../../../schemas/config.ts'
import { estimateEmbeddings, wantedGroups } from '../../../src/control/embed/wanted-texts.ts'
import { documentsOf, embeddingWorld } from '../../support/embedding-world.ts'

const texts = (count: number): string[] => Array.from({ length: count }, (_, at) => `text number ${at}`)

async function groupsOf(all: readonly string[], embeddings: { batchTexts?: number; dimensions?: number }) {
  const { embedder } = await embeddingWorld({}, { embeddings })
  const groups: string[][] = []
  for await (const group of wantedGroups(documentsOf(all), ['concepts'], embedder, new Set()))
    groups.push(group.map(({ text }) => text))
  return groups
}

test('a text of two documents comes once before it is stored, however far apart they are', async () => {
  const groups = await groupsOf([...texts(400), ...texts(1)], { batchTexts: 2 })
  expect(groups.flat()).toEqual(texts(400))
})

test('as many go into one request as an answer may hold, also in numbers', async () => {
  const largest = async (embeddings: { dimensions?: number }): Promise<number> =>
    Math.max(
      ...(await groupsOf(texts(600), { batchTexts: 2_048, ...embeddings })).map(({ length }) => length),
    )
  const most = 16 * 2 ** 20
  for (const dimensions of [1_536, 8_192]) {
    const count = await largest({ dimensions })
    // Twenty-two characters are a number as JavaScript and Python write it, with its comma and a space.
    expect(count * dimensions * 22).toBeLessThan(most)
    expect(count * dimensions * 44).toBeGreaterThan(most)
  }
  expect((await largest({})) * 4_096 * 22).toBeLessThan(most)
})

test('a heart can beat while texts are counted', async () => {
  const { embedder } = await embeddingWorld()
  let beats = 0
  const beating = setInterval(() => {
    beats += 1
  }, 0)
  const { todo } = await estimateEmbeddings(documentsOf(texts(6_000)), ['concepts'], embedder)
  clearInterval(beating)
  expect(todo).toBe(6_000)
  expect(beats).toBeGreaterThan(1)
})

test('the longest text that the settings allow has a worst case, and so fits under a cap', async () => {
  const longest = { maxTextChars: 60_000, textPrefix: '熱'.repeat(1_000) }
  const { embedder } = await embeddingWorld({}, { embeddings: longest })
  const { tokens, microUsd } = await estimateEmbeddings(
    documentsOf(['熱'.repeat(70_000)]),
    ['concepts'],
    embedder,
  )
  expect(microUsd).toBe(tokens * 2_000)
  expect(configSchema.safeParse({ embeddings: { maxTextChars: 60_001 } }).success).toBe(false)
})
