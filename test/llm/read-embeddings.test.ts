import { expect, test } from 'vitest'
import { readEmbeddings } from '../../src/llm/read-embeddings.ts'

const base64 = (...numbers: number[]): string =>
  Buffer.from(Float32Array.from(numbers).buffer).toString('base64')
const bodyOf = (...embeddings: unknown[]) => ({
  object: 'list',
  data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
  usage: { prompt_tokens: 7, total_tokens: 7 },
})

test('base64 and numbers are the same vectors', () => {
  const [coded, plain] = [bodyOf(base64(1, -0.5)), bodyOf([1, -0.5])].map((body) =>
    readEmbeddings(body, 1, 99),
  )
  expect(coded).toEqual(plain)
  expect(coded).toMatchObject({ kind: 'vectors', read: { vectors: [Float32Array.of(1, -0.5)] } })
})

test('vectors are put in the order of the texts, not of the answer', () => {
  const { data, ...rest } = bodyOf([1], [2], [3])
  const read = readEmbeddings({ ...rest, data: [...data].reverse() }, 3, 99)
  expect(read).toMatchObject({ read: { vectors: [[1], [2], [3]].map((one) => Float32Array.from(one)) } })
})

test('an answer without usage is booked at the most that it can have been', () => {
  const { usage: _, ...silent } = bodyOf([1])
  expect(readEmbeddings(silent, 1, 99)).toMatchObject({
    read: { usage: { promptTokens: 99, isBound: true } },
  })
})

test.each([
  ['too few', bodyOf([1]), /0 to 1, found 1/],
  ['too many', bodyOf([1], [2], [3]), /found 3/],
  ['one twice', { ...bodyOf(), data: [0, 0].map((index) => ({ index, embedding: [1] })) }, /0 to 1/],
  ['a vector of zeros', bodyOf([1], [0, 0]), /embedding 1 is no direction/],
  ['an empty vector', bodyOf([1], ''), /embedding 1 is no direction/],
  ['numbers beyond floats', bodyOf([1], [1e300]), /embedding 1 is no direction/],
])('%s cannot be used, says what was found, and is paid for all the same', (_, body, message) => {
  expect(readEmbeddings(body, 2, 99)).toMatchObject({
    kind: 'vectors',
    read: {
      ...{ vectors: [], unusable: expect.stringMatching(message) },
      usage: { promptTokens: 7 },
    },
  })
})

test.each([
  ['no list', { answer: 42 }, /no list of embeddings: data/],
  ['no JSON', '<html>', /not JSON/],
])('%s is nonsense, and says what was found', (_, body, message) => {
  expect(readEmbeddings(body, 2, 99)).toMatchObject({
    kind: 'nonsense',
    message: expect.stringMatching(message),
  })
})

test('the model is the one that the server says answered', () => {
  expect(readEmbeddings({ ...bodyOf([1]), model: 'embedder-2' }, 1, 9)).toMatchObject({
    read: { model: 'embedder-2' },
  })
  expect(readEmbeddings(bodyOf([1]), 1, 9)).toMatchObject({ read: { model: null } })
})

test('an error inside a 200 is an error', () => {
  expect(readEmbeddings({ error: { message: 'upstream' } }, 1, 9)).toMatchObject({ kind: 'error' })
})
