/** Vectors that are the same for the same text, and near for texts that share words or words of one meaning. */
import { createHash } from 'node:crypto'
import type { Fault, SimEmbeddings } from './script.ts'

export interface EmbeddingsRequest {
  readonly model: string
  readonly input: string | readonly string[]
  readonly dimensions?: number
  readonly encoding_format?: 'float' | 'base64'
}

export interface Embedded {
  readonly body: Readonly<Record<string, unknown>>
  readonly promptTokens: number
  readonly answerTokens: 0
}

/** As OpenAI takes them in one request. */
const MOST_INPUTS = 2_048
const DIMENSIONS = 64

export const textsOf = ({ input }: EmbeddingsRequest): readonly string[] =>
  typeof input === 'string' ? [input] : input

/** @returns why the request is refused, in the words of the real ones; null where it is not */
export function refusalOfInput(
  request: EmbeddingsRequest,
  { refusesTexts = [] }: SimEmbeddings,
): string | null {
  const texts = textsOf(request)
  if (texts.length === 0 || texts.includes('')) return "'$.input' is invalid. Please check the API reference."
  if (texts.length > MOST_INPUTS) return `'$.input' is too long: ${texts.length} > ${MOST_INPUTS}.`
  const refused = texts.findIndex((text) => refusesTexts.some((part) => text.includes(part)))
  return refused < 0 ? null : `This model's maximum context length is 8192 tokens (input ${refused}).`
}

export function embed(
  request: EmbeddingsRequest,
  { dimensions = DIMENSIONS, synonyms = [], zeroTexts = [] }: SimEmbeddings,
  fault: Fault | 'none',
): Embedded {
  const length = request.dimensions ?? dimensions
  const texts = textsOf(request)
  const data = texts.map((text, index) => {
    const isZero = zeroTexts.some((part) => text.includes(part))
    const vector = isZero ? new Float32Array(length) : vectorOf(text, length, synonyms)
    const embedding = request.encoding_format === 'base64' ? base64Of(vector) : [...vector]
    return { object: 'embedding', index, embedding }
  })
  // Four characters a token, as in chat.
  const promptTokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0)
  const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens }
  return {
    body: {
      ...{ object: 'list', data, model: `${request.model}-sim` },
      ...(fault === 'no_usage' ? {} : { usage }),
    },
    promptTokens,
    answerTokens: 0,
  }
}

/** The sum of a direction for each word, and length 1. */
function vectorOf(text: string, length: number, synonyms: readonly (readonly string[])[]): Float32Array {
  const sum = new Float32Array(length)
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']
  for (const word of words) {
    const meant = synonyms.find((group) => group.includes(word))?.[0] ?? word
    for (let at = 0; at < length; at += 1) sum[at]! += componentOf(meant, at)
  }
  const size = Math.sqrt(sum.reduce((square, value) => square + value * value, 0))
  return sum.map((value) => value / size)
}

const known = new Map<string, Buffer>()

/** -1 to 1, from a digest that is as long as it has to be. */
function componentOf(word: string, at: number): number {
  const block = `${word} ${Math.floor(at / 8)}`
  const digest = known.get(block) ?? createHash('sha256').update(block).digest()
  if (known.size < 100_000) known.set(block, digest)
  return digest.readInt32LE((at % 8) * 4) / 2 ** 31
}

const base64Of = (vector: Float32Array): string => {
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4)
  return bytes.toString('base64')
}
