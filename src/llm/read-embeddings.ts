/** What a 200 to a question for vectors truly holds: one vector per text, or an error, or something else. */
import * as z from 'zod'
import type { EmbeddingAnswer } from '../../schemas/embedding.ts'
import type { Usage } from '../../schemas/prompt.ts'
import type { ReportedError } from './judge-error.ts'
import { reportedErrorIn } from './reported-error.ts'

const count = z.number().int().min(0).nullish()

const embeddingsSchema = z.object({
  data: z.array(
    z.object({
      index: z.int().min(0).nullish(),
      // Base64 was asked for; some servers know nothing of it and send numbers all the same.
      embedding: z.union([z.string(), z.array(z.number())]),
    }),
  ),
  usage: z
    .object({ prompt_tokens: count, total_tokens: count, cost: z.number().min(0).nullish() })
    .nullish()
    .catch(null),
  model: z.string().nullish().catch(null),
})

export type EmbeddingsRead =
  | {
      readonly kind: 'vectors'
      readonly read: Pick<EmbeddingAnswer, 'vectors' | 'unusable' | 'usage' | 'model'>
    }
  | { readonly kind: 'error'; readonly error: ReportedError }
  /** No list of embeddings at all: it says something of the server, and nothing of the texts. */
  | { readonly kind: 'nonsense'; readonly message: string }

/**
 * @param body what the response's body parsed to; a string where it was not JSON
 * @param mostTokens what a bill without usage is taken to be
 */
export function readEmbeddings(body: unknown, textCount: number, mostTokens: number): EmbeddingsRead {
  if (typeof body === 'string') return nonsense('the body of a 200 is not JSON')
  const error = reportedErrorIn(body, 502)
  if (error !== null) return { kind: 'error', error }
  const parsed = embeddingsSchema.safeParse(body)
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path }) => path.join('.')).join(', ')
    return nonsense(`the body of a 200 is no list of embeddings: ${where}`)
  }
  const { data, usage, model } = parsed.data
  const told = { usage: usageOf(usage, mostTokens), model: model ?? null }
  const vectors = inOrderOf(data, textCount)
  return typeof vectors === 'string'
    ? { kind: 'vectors', read: { ...told, vectors: [], unusable: vectors } }
    : { kind: 'vectors', read: { ...told, vectors, unusable: null } }
}

/** @returns a vector for each text, or why there is none */
function inOrderOf(data: z.infer<typeof embeddingsSchema>['data'], textCount: number) {
  const vectors = new Map(data.map(({ index, embedding }, at) => [index ?? at, vectorOf(embedding)]))
  const inOrder = Array.from({ length: textCount }, (_, at) => vectors.get(at))
  if (data.length !== textCount || inOrder.includes(undefined))
    return `expected embeddings 0 to ${textCount - 1}, found ${data.length}`
  const whole = inOrder as Float32Array[]
  const unusable = whole.findIndex((vector) => !isDirection(vector))
  return unusable < 0 ? whole : `embedding ${unusable} is no direction: it is empty, zero or not finite`
}

const nonsense = (message: string): EmbeddingsRead => ({ kind: 'nonsense', message })

/** Base64 of little-endian 32-bit floats, as OpenAI sends it. */
function vectorOf(embedding: string | readonly number[]): Float32Array {
  if (typeof embedding !== 'string') return Float32Array.from(embedding)
  const bytes = Buffer.from(embedding, 'base64')
  const vector = new Float32Array(Math.floor(bytes.length / 4))
  for (let at = 0; at < vector.length; at += 1) vector[at] = bytes.readFloatLE(at * 4)
  return vector
}

const isDirection = (vector: Float32Array): boolean => {
  const square = vector.reduce((sum, value) => sum + value * value, 0)
  return Number.isFinite(square) && square > 0
}

function usageOf(usage: z.infer<typeof embeddingsSchema>['usage'], mostTokens: number): Usage {
  const told = usage?.prompt_tokens ?? usage?.total_tokens
  if (told == null) return { promptTokens: mostTokens, cachedTokens: 0, answerTokens: 0, isBound: true }
  const cost = usage?.cost
  return {
    promptTokens: told,
    cachedTokens: 0,
    answerTokens: 0,
    ...(cost == null ? {} : { reportedMicroUsd: Math.max(0, Math.ceil(cost * 1e6 - 1e-6)) }),
  }
}
